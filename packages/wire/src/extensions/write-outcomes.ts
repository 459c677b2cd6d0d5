import type { Decision, Grant, NearestMiss } from '@bailiwick/core'
import { toGroupAssignmentId } from '../authorization/assignment-ids.js'
import { type CheckOutcome, renderCheckOutcome } from './checks.js'
import { fivePlain } from './plain-text.js'

/**
 * Tell what the checks of a batch came to, as text: what JSON makes of `renderCheckOutcomes`.
 *
 * What nearly all come to (an allow by one role, a deny with nothing but its misses) is put together by hand, in a
 * quarter of the time.
 */
export function writeCheckOutcomes(outcomes: readonly CheckOutcome[]): string {
  let text = '{"object":"list","data":['
  for (let index = 0; index < outcomes.length; index++) {
    const outcome = outcomes[index] as CheckOutcome
    const plain = outcome.kind === 'decided' ? writeDecision(outcome.decision) : undefined
    if (index > 0) text += ','
    text +=
      plain === undefined
        ? JSON.stringify({ index, ...renderCheckOutcome(outcome) })
        : `{"index":${index},"authorized":${plain}}`
  }
  return `${text}]}`
}

function writeDecision(decision: Decision): string | undefined {
  if (decision.kind === 'deny') {
    const { reason, nearestMisses, exclusions, onBehalfOf } = decision
    if (exclusions !== undefined || onBehalfOf !== undefined) return undefined
    const misses = writeMisses(nearestMisses)
    return misses === undefined ? undefined : `false,"reason":"${reason}","nearest_misses":[${misses}]`
  }
  const { grants, delegations } = decision
  if (grants.length > 1 || delegations !== undefined) return undefined
  const grant = writeGrant(grants[0])
  return grant === undefined ? undefined : `true,"grants":[{"from":"${grant}}]`
}

function writeGrant(grant: Grant): string | undefined {
  switch (grant.from) {
    case 'membership': {
      const held = writeHeld(grant, '')
      return held && `organization_membership",${held}`
    }
    case 'assignment': {
      const { assignmentId } = grant
      const held = writeHeld(grant, assignmentId)
      return held && `role_assignment","role_assignment_id":"${assignmentId}",${held}`
    }
    case 'group': {
      const { groupId } = grant
      const assignmentId = toGroupAssignmentId(grant.assignmentId)
      const held = writeHeld(grant, groupId + assignmentId)
      return held && `group","group_id":"${groupId}","group_role_assignment_id":"${assignmentId}",${held}`
    }
    default:
      return undefined
  }
}

function writeMisses(misses: readonly NearestMiss[]): string | undefined {
  let text = ''
  for (let at = 0; at < misses.length; at++) {
    const held = writeHeld(misses[at] as NearestMiss, '')
    if (held === undefined) return undefined
    text += at === 0 ? `{${held}}` : `,{${held}}`
  }
  return text
}

/** @returns `undefined` where JSON would write one of these texts, or those beside them, in another way. */
function writeHeld({ role, on }: NearestMiss, beside: string): string | undefined {
  const { id, type, externalId } = on
  return fivePlain.test(`${beside}"${role}"${id}"${type}"${externalId}`)
    ? `"role":{"slug":"${role}"},"resource":{"id":"${id}","external_id":"${externalId}","resource_type_slug":"${type}"}`
    : undefined
}
