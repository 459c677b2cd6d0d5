import {
  AccessDenied,
  type Deny,
  Misconfigured,
  NotFound,
  ResourceNotLocated,
  type Session,
  SessionInvalid,
} from '@bailiwick/core'
import type { Authorizer } from '../authorizer.js'
import { decidedBy } from '../authorizer-options.js'
import { withDeadline } from '../deadline.js'
import type { Asked } from '../decisions/allowed-lately.js'
import type { EnforcedPermission } from '../decisions/enforced-permission.js'
import type { Target } from '../target.js'
import { locate, locateByField, ownField } from './locate.js'
import type { FieldLocator, Locator } from './locator.js'
import type { RequestView } from './request-view.js'
import { isPlaced, type PermissionRequirement, type Requirement } from './requirement.js'
import { requireStepUp } from './step-up.js'

/**
 * Decide whether a request may go on. Returning is the only way to say yes.
 *
 * @param requirement - Placed: every permission has a locator or a scope (see `placeRequirement`).
 * @returns The permissions that carry the allow; none for a requirement without permissions.
 * @throws {SessionInvalid} `session_missing` without a session; {StepUpRequired}; {AccessDenied}, or {NotFound} where a denial is
 *   concealed; {ResourceNotLocated}; an error of kind `unavailable` when it cannot be decided now.
 */
export async function enforce<Native>(
  authorizer: Authorizer,
  session: Session | undefined,
  requirement: Requirement,
  request: RequestView<Native>,
): Promise<readonly EnforcedPermission[]> {
  if (requirement.kind === 'public') return []
  if (session === undefined)
    throw new SessionInvalid('session_missing', 'the request carries no session token')
  switch (requirement.kind) {
    case 'authenticated':
      if (requirement.stepUp !== undefined) requireStepUp(session, requirement.stepUp, authorizer.clock())
      return []
    case 'permission':
      return [await enforcePermission(authorizer, session, requirement, request)]
    case 'all': {
      const enforced: EnforcedPermission[] = []
      for (const term of requirement.of) enforced.push(...(await enforce(authorizer, session, term, request)))
      return enforced
    }
    case 'any': {
      const refusals: unknown[] = []
      for (const term of requirement.of) {
        try {
          return await enforce(authorizer, session, term, request)
        } catch (refusal) {
          refusals.push(refusal)
        }
      }
      throw gravest(refusals)
    }
  }
}

/**
 * `enforce` where nothing has to be waited for, which is most of the time: a guard whose every step is a promise takes
 * several times as long.
 *
 * @returns `undefined` says only to call `enforce`.
 * @throws as `enforce`
 */
export function enforceAtOnce<Native>(
  authorizer: Authorizer,
  session: Session | undefined,
  requirement: Requirement,
  request: RequestView<Native>,
): readonly EnforcedPermission[] | undefined {
  switch (requirement.kind) {
    case 'public':
      return []
    case 'authenticated':
      if (session === undefined || requirement.stepUp !== undefined) return undefined
      return []
    case 'permission':
      return enforcePermissionAtOnce(authorizer, session, requirement, request)
    case 'all': {
      const enforced: EnforcedPermission[] = []
      for (const term of requirement.of) {
        const each = enforceAtOnce(authorizer, session, term, request)
        if (each === undefined) return undefined
        enforced.push(...each)
      }
      return enforced
    }
    case 'any': {
      const refusals: unknown[] = []
      for (const term of requirement.of) {
        try {
          return enforceAtOnce(authorizer, session, term, request)
        } catch (refusal) {
          refusals.push(refusal)
        }
      }
      throw gravest(refusals)
    }
  }
}

function enforcePermissionAtOnce<Native>(
  authorizer: Authorizer,
  session: Session | undefined,
  requirement: PermissionRequirement,
  request: RequestView<Native>,
): readonly EnforcedPermission[] | undefined {
  if (session === undefined || requirement.stepUp !== undefined || !isPlaced(requirement)) return undefined
  const locator = requirement.resource as Locator<Native> | undefined
  // What has to be found first, by a function or by an id of ours, is waited for.
  if (typeof locator === 'function' || locator?.as === 'id') return undefined
  const answers = authorizer.allowedLately?.of(session)
  const asked = answers && askedOf(requirement, locator, request)
  const known = asked && answers.find(asked)
  if (known !== undefined) return known
  const moment = asked && answers.momentFor(asked)
  const enforced = decideAtOnce(authorizer, session, requirement, locator, request)
  if (enforced === undefined) return undefined
  if (asked !== undefined && moment !== undefined) answers?.keep(asked, enforced, moment)
  return [enforced]
}

/** What is asked, where one string of the path says all of it: a body, or an organization beside it, is another matter. */
function askedOf(
  { permission, fresh, tenantScoped = false }: PermissionRequirement,
  locator: FieldLocator | undefined,
  { params }: RequestView,
): Asked | undefined {
  // Another route may have taken the word of the token.
  if (fresh) return undefined
  if (locator === undefined) return { permission, type: undefined, id: undefined, tenantScoped }
  const { source, name, type, organization } = locator
  if (source !== 'param' || organization !== undefined) return undefined
  const id = ownField(params, name)
  // Nothing, or a list, is not the whole organization.
  return typeof id === 'string' ? { permission, type, id, tenantScoped } : undefined
}

function decideAtOnce(
  authorizer: Authorizer,
  session: Session,
  requirement: PermissionRequirement,
  locator: FieldLocator | undefined,
  request: RequestView,
): EnforcedPermission | undefined {
  const { permission, conceal } = requirement
  const target = locator && locateByField(locator, typeOf(authorizer, permission), request)
  // A requirement says `fresh` and `tenantScoped` as options do.
  const decided = authorizer.checkAtOnce(session, permission, target, requirement)
  if (decided === undefined) return undefined
  if (typeof decided === 'object') throw refusalOf(new AccessDenied(permission, target, decided), conceal)
  return { permission, resource: target, decidedBy: decided }
}

function refusalOf(denied: AccessDenied, conceal: boolean | undefined): AccessDenied | NotFound {
  return conceal ? new NotFound({ cause: denied }) : denied
}

async function enforcePermission<Native>(
  authorizer: Authorizer,
  session: Session,
  requirement: PermissionRequirement,
  request: RequestView<Native>,
): Promise<EnforcedPermission> {
  if (!isPlaced(requirement)) {
    throw new Misconfigured(`\`${requirement.permission}\` does not say on what it is asked`)
  }
  const { permission, conceal, fresh = false, tenantScoped = false } = requirement
  const locator = requirement.resource as Locator<Native> | undefined
  const target =
    typeof locator === 'function'
      ? await withDeadline(locate(locator, typeOf(authorizer, permission), request), authorizer.deadlineMs)
      : locator && locateByField(locator, typeOf(authorizer, permission), request)
  const { decision, id } = await authorizer.checkRecorded(
    session,
    permission,
    target,
    { fresh, tenantScoped },
    unlessOfAnotherType(authorizer, session, permission, locator, target),
  )
  if (decision.kind === 'deny') throw refusalOf(new AccessDenied(permission, target, decision, id), conceal)
  // Last: nobody shall sign in again for what she may not do anyway.
  if (requirement.stepUp !== undefined) requireStepUp(session, requirement.stepUp, authorizer.clock())
  return { permission, resource: target, decidedBy: decidedBy(decision) }
}

function typeOf(authorizer: Authorizer, permission: string): string {
  return authorizer.model.permission(permission).on
}

/**
 * Our own ids name resources of every type. A permission held on a workspace is true of the workspace's own id
 * as well, and a handler of projects must not be handed that.
 */
function unlessOfAnotherType<Native>(
  authorizer: Authorizer,
  { organizationId }: Session,
  permission: string,
  locator: Locator<Native> | undefined,
  target: Target | undefined,
): (() => Promise<Deny | undefined>) | undefined {
  if (target === undefined || !('resourceId' in target) || typeof locator === 'function') return undefined
  return async () => {
    if (organizationId === undefined) return anotherType
    const found = await withDeadline(
      authorizer.engine.findResource(organizationId, target),
      authorizer.deadlineMs,
    )
    return found?.type === (locator?.type ?? typeOf(authorizer, permission)) ? undefined : anotherType
  }
}

const anotherType: Deny = { kind: 'deny', reason: 'resource_unknown', nearestMisses: [] }

/** What stopped the question altogether before a bad id, and a bad id before a plain denial. */
function gravest(refusals: readonly unknown[]): unknown {
  const isDenial = (refusal: unknown) => refusal instanceof AccessDenied || refusal instanceof NotFound
  return (
    refusals.find((refusal) => !isDenial(refusal) && !(refusal instanceof ResourceNotLocated)) ??
    refusals.find((refusal) => !isDenial(refusal)) ??
    refusals[0]
  )
}
