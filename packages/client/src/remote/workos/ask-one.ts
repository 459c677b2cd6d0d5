import {
  type Allow,
  type AuthorizationEngine,
  type CheckQuestion,
  type Decision,
  type Deny,
  type DenyReason,
  isAuthorizationError,
  type MembershipId,
  type Model,
  rootType,
} from '@bailiwick/core'
import { check, renderResourceRef } from '@bailiwick/wire'
import type { Asking, Outcome } from '../checks.js'
import { pathOf } from '../path-of.js'
import { invalid, jsonIn } from '../read-answer.js'
import type { Service } from '../service.js'
import type { Waiting } from '../transport/waiting.js'
import type { Homes } from './homes.js'
import { refusePart } from './missing.js'

interface Parts {
  readonly service: Service
  readonly model: Model
  readonly memberships: Pick<AuthorizationEngine, 'findMembership'>
  readonly homes: Homes
}

/** Ask WorkOS: one question in a request, and a yes or no for an answer. */
export function askOne({ service, model, memberships, homes }: Parts): Asking {
  return {
    most: 1,
    ask: ([asked], waiting) => (asked === undefined ? none(waiting) : one(asked.question, waiting)),
  }

  async function one(question: CheckQuestion, waiting: Waiting): Promise<readonly Outcome[]> {
    try {
      return [await decide(question, waiting)]
    } catch (error) {
      if (isAuthorizationError(error)) return [error]
      throw error
    } finally {
      waiting.done()
    }
  }

  async function decide(question: CheckQuestion, waiting: Waiting): Promise<Decision> {
    // WorkOS says no to a permission that it does not know, as if nobody had it.
    model.permission(question.permission)
    refusePart('agents', '`onBehalfOf`', question.onBehalfOf !== undefined && question.onBehalfOf.length > 0)
    const membershipId = await waiting.until(subjectOf(question))
    if (membershipId === undefined) return denied('membership_unknown')
    const resource = question.resource ?? { type: rootType, externalId: question.organizationId }
    const sending = {
      method: check.method,
      path: pathOf(check.path, { organization_membership_id: membershipId }),
      body: Buffer.from(
        JSON.stringify({ permission_slug: question.permission, ...renderResourceRef(resource) }),
      ),
      repeatable: 'safe',
    } as const
    try {
      return decisionOf(jsonIn((await service.send(sending, waiting)).text), question)
    } catch (error) {
      // All that a 404 says is that something is not there; and whoever asks is.
      if (isAuthorizationError(error) && error.kind === 'not_found') return denied('resource_unknown')
      throw error
    }
  }

  /** Who asks, if the organization has her: asking by her user costs a request more. */
  async function subjectOf({ organizationId, subject }: CheckQuestion): Promise<MembershipId | undefined> {
    refusePart('agents', 'an agent that asks', 'agent' in subject)
    if ('userId' in subject) return (await memberships.findMembership(organizationId, subject))?.id
    refusePart('anySubject', 'a group that asks', !('membershipId' in subject))
    const { membershipId } = subject as { readonly membershipId: MembershipId }
    return (await homes.has(organizationId, membershipId)) ? membershipId : undefined
  }
}

async function none(waiting: Waiting): Promise<readonly Outcome[]> {
  waiting.done()
  return []
}

function decisionOf(json: unknown, { organizationId, permission }: CheckQuestion): Decision {
  const authorized = (json as { readonly authorized?: unknown } | null)?.authorized
  if (authorized === true) {
    const allow: Allow = { kind: 'allow', grants: [{ from: 'service', organizationId, permission }] }
    return allow
  }
  if (authorized === false) return denied('no_grant')
  throw invalid('to a check is neither yes nor no')
}

function denied(reason: DenyReason): Deny {
  return { kind: 'deny', reason, nearestMisses: [] }
}
