import type { Decision, Grant, NearestMiss } from '@bailiwick/core'
import { toGroupAssignmentId } from '../authorization/assignment-ids.js'
import { type CheckOutcome, renderCheckOutcome } from './checks.js'
import { isPlainText } from './plain-text.js'

const start = '{"object":"list","data":['
const end = ']}'

/**
 * Tell what the checks of a batch came to, as text: what JSON makes of `renderCheckOutcomes`.
 *
 * What nearly all come to (an allow by one role, a deny with nothing but its misses) is put together by hand, in a
 * fifth of the time.
 */
export function writeCheckOutcomes(outcomes: readonly CheckOutcome[]): string {
  let text = start
  for (let index = 0; index < outcomes.length; index++) {
    const outcome = outcomes[index] as CheckOutcome
    if (index > 0) text += ','
    text += outcome.kind === 'decided' ? writeDecided(index, outcome.decision) : writeAtLength(index, outcome)
  }
  return text + end
}

/** The same for checks that have all been decided. */
export function writeDecisions(decisions: readonly Decision[]): string {
  let text = start
  for (let index = 0; index < decisions.length; index++) {
    if (index > 0) text += ','
    text += writeDecided(index, decisions[index] as Decision)
  }
  return text + end
}

function writeDecided(index: number, decision: Decision): string {
  const plain = writeDecision(decision)
  return plain === undefined
    ? writeAtLength(index, { kind: 'decided', decision })
    : `{"index":${index},"authorized":${plain}}`
}

function writeAtLength(index: number, outcome: CheckOutcome): string {
  return JSON.stringify({ index, ...renderCheckOutcome(outcome) })
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
      const held = writeHeld(grant)
      return held && `organization_membership",${held}`
    }
    case 'assignment': {
      const { assignmentId } = grant
      const held = isPlainText(assignmentId) ? writeHeld(grant) : undefined
      return held && `role_assignment","role_assignment_id":"${assignmentId}",${held}`
    }
    case 'group': {
      const { groupId } = grant
      const assignmentId = toGroupAssignmentId(grant.assignmentId)
      const held = isPlainText(groupId) && isPlainText(assignmentId) ? writeHeld(grant) : undefined
      return held && `group","group_id":"${groupId}","group_role_assignment_id":"${assignmentId}",${held}`
    }
    default:
      return undefined
  }
}

function writeMisses(misses: readonly NearestMiss[]): string | undefined {
  let text = ''
  for (let at = 0; at < misses.length; at++) {
    const held = writeHeld(misses[at] as NearestMiss)
    if (held === undefined) return undefined
    text += at === 0 ? `{${held}}` : `,{${held}}`
  }
  return text
}

/** @returns `undefined` where JSON would write one of these texts in another way. */
function writeHeld({ role, on }: NearestMiss): string | undefined {
  const { id, type, externalId } = on
  return isPlainText(externalId) && isPlainText(id) && isPlainText(role) && isPlainText(type)
    ? `"role":{"slug":"${role}"},"resource":{"id":"${id}","external_id":"${externalId}","resource_type_slug":"${type}"}`
    : undefined
}
