import {
  type Allow,
  type Decision,
  type Delegation,
  type Deny,
  type DenyReason,
  PermissionUnknown,
} from '@bailiwick/core'
import { z } from 'zod'

import {
  exclusionHit,
  grant,
  nearestMiss,
  parseExclusionHit,
  parseGrant,
  parseNearestMiss,
  renderExclusionHit,
  renderGrant,
  renderNearestMiss,
} from './grants.js'
import { answeredSubject, parseSubjectRef, renderSubjectRef } from './subject-fields.js'

const denyReasons = [
  'organization_mismatch',
  'organization_unknown',
  'membership_unknown',
  'membership_inactive',
  'group_unknown',
  'agent_unknown',
  'resource_unknown',
  'excluded',
  'no_grant',
] as const satisfies readonly DenyReason[]

/** The reasons that a deny may have. */
export const knownReasons: ReadonlySet<unknown> = new Set(denyReasons)

const grants = z.tuple([grant], grant)

/** An allow always names a grant: an answer that says yes and not why is no answer. */
const allow = z.object({
  authorized: z.literal(true),
  grants,
  delegations: z.array(z.object({ on_behalf_of: answeredSubject, grants })).optional(),
})

const deny = z.object({
  authorized: z.literal(false),
  reason: z.enum(denyReasons),
  nearest_misses: z.array(nearestMiss),
  exclusions: z.array(exclusionHit).optional(),
  on_behalf_of: answeredSubject.optional(),
})

/** The model has no such permission, so nothing was decided: no, with the slug that was probably meant. */
export const unknownPermission = z.object({
  authorized: z.literal(false),
  warnings: z.tuple([
    z.object({
      code: z.literal('permission_unknown'),
      message: z.string(),
      permission_slug: z.string(),
      nearest_permission_slug: z.string().nullable(),
    }),
  ]),
})

/** An allow or a deny, with why. */
export const decided = z.union([allow, deny])
/** The answer to a check: decided, or a no because there is no such permission. */
export const decision = z.union([allow, deny, unknownPermission])
/** The JSON of a decision. */
export type DecisionJson = z.infer<typeof decision>

type DecidedJson = z.infer<typeof decided>

/** Tell a decision. */
export function renderDecision(decision: Decision): DecidedJson {
  return decision.kind === 'allow' ? renderAllow(decision) : renderDeny(decision)
}

/**
 * Tell that the model has no such permission. On the wire that is a no with a warning, as WorkOS answers it; for a
 * client in TypeScript it is an error, since it is a typing mistake.
 */
export function renderUnknownPermission(error: PermissionUnknown): z.infer<typeof unknownPermission> {
  return {
    authorized: false,
    warnings: [
      {
        code: error.code,
        message: error.message,
        permission_slug: error.permission,
        nearest_permission_slug: error.nearest ?? null,
      },
    ],
  }
}

/**
 * Read a decision from an answer.
 *
 * @param json - Whatever came: it is checked here, wholly.
 * @throws {ZodError} for anything that is no decision; an allow without a grant is none.
 * @throws {PermissionUnknown} when the answer says that the model has no such permission.
 */
export function parseDecision(json: unknown): Decision {
  return toDecision(schemaFor(json).parse(json))
}

/** The schema of what an answer claims to be. The union of all would try each in turn, at three times the cost. */
function schemaFor(json: unknown): z.ZodType<DecisionJson> {
  if (typeof json !== 'object' || json === null) return decision
  if ('warnings' in json) return unknownPermission
  return 'authorized' in json && json.authorized === true ? allow : deny
}

/** As `parseDecision`, for JSON that has passed the schema. */
export function toDecision(json: DecisionJson): Decision {
  if (json.authorized) {
    const delegations = json.delegations?.map(
      ({ on_behalf_of, grants }): Delegation => ({
        onBehalfOf: parseSubjectRef(on_behalf_of),
        grants: eachOf(grants, parseGrant),
      }),
    )
    const allow: Allow = { kind: 'allow', grants: eachOf(json.grants, parseGrant) }
    return delegations === undefined ? allow : { ...allow, delegations }
  }
  if ('warnings' in json) {
    const [{ permission_slug, nearest_permission_slug }] = json.warnings
    throw new PermissionUnknown(permission_slug, nearest_permission_slug ?? undefined)
  }
  return {
    kind: 'deny',
    reason: json.reason,
    nearestMisses: json.nearest_misses.map(parseNearestMiss),
    ...(json.exclusions === undefined ? {} : { exclusions: json.exclusions.map(parseExclusionHit) }),
    ...(json.on_behalf_of === undefined ? {} : { onBehalfOf: parseSubjectRef(json.on_behalf_of) }),
  }
}

function renderAllow({ grants, delegations }: Allow): DecidedJson {
  return {
    authorized: true,
    grants: eachOf(grants, renderGrant),
    ...(delegations === undefined
      ? {}
      : {
          delegations: delegations.map((delegation) => ({
            on_behalf_of: renderSubjectRef(delegation.onBehalfOf),
            grants: eachOf(delegation.grants, renderGrant),
          })),
        }),
  }
}

function renderDeny({ reason, nearestMisses, exclusions, onBehalfOf }: Deny): DecidedJson {
  return {
    authorized: false,
    reason,
    nearest_misses: nearestMisses.map(renderNearestMiss),
    ...(exclusions === undefined ? {} : { exclusions: exclusions.map(renderExclusionHit) }),
    ...(onBehalfOf === undefined ? {} : { on_behalf_of: renderSubjectRef(onBehalfOf) }),
  }
}

function eachOf<From, To>(items: readonly [From, ...From[]], to: (item: From) => To): [To, ...To[]] {
  const [first, ...rest] = items
  return [to(first), ...rest.map(to)]
}
