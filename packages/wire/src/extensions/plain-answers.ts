import {
  type AssignmentId,
  type Decision,
  type DenyReason,
  type Grant,
  type GroupId,
  idPrefixes,
  limits,
  type NearestMiss,
  type ResourceId,
} from '@bailiwick/core'
import {
  fromGroupAssignmentId,
  type GroupAssignmentId,
  groupAssignmentPrefix,
} from '../authorization/assignment-ids.js'
import { isShortId, plainId, plainText, plainWord } from './plain-text.js'

const start = '{"object":"list","data":['
const end = ']}'

/**
 * Read the answers to a batch out of their text, where all of them have a form that nearly all have: an allow by one
 * role, a deny with nothing but its misses. One expression for the whole of an answer takes a fifth of the time of
 * `JSON.parse` and a look at each field.
 *
 * @param reasons - Those that a deny may have.
 * @returns What the schema would have made of it, or `undefined` for whatever the schema has to judge.
 */
export function readPlainAnswers(
  text: string,
  count: number,
  reasons: ReadonlySet<unknown>,
): readonly Decision[] | undefined {
  if (count === 0 || !text.startsWith(start) || !text.endsWith(end)) return undefined
  const decisions: Decision[] = []
  let from = start.length
  for (let place = 0; place < count; place++) {
    // No plain text holds a quotation mark: where this stands in one, neither part will match.
    const to = place < count - 1 ? text.indexOf(',{"index":', from) : text.length - end.length
    if (to < from) return undefined
    // The comma makes it a text of its own. A part of the whole would keep all of it, for as long as that part lives.
    const item = `${text.slice(from, to)},`
    const decision = readAllow(item, String(place)) ?? readDeny(item, String(place), reasons)
    if (decision === undefined) return undefined
    decisions.push(decision)
    from = to + 1
  }
  return decisions
}

const from =
  '"from":"(?:organization_membership' +
  `|role_assignment","role_assignment_id":"(${plainId('assignment')})` +
  `|group","group_id":"(${plainId('group')})","group_role_assignment_id":"(${groupAssignmentPrefix}_${plainWord}))"`
const held =
  `"role":\\{"slug":"(${plainText})"\\},"resource":\\{"id":"(${plainId('resource')})",` +
  `"external_id":"(${plainText})","resource_type_slug":"(${plainText})"\\}`
const allow = new RegExp(`^\\{"index":(\\d+),"authorized":true,"grants":\\[\\{${from},${held}\\}\\]\\},$`)
const deny = /^\{"index":(\d+),"authorized":false,"reason":"([a-z_]+)","nearest_misses":\[/
const miss = new RegExp(`\\{${held}\\}([,\\]])`, 'y')

function readAllow(item: string, place: string): Decision | undefined {
  const found = allow.exec(item)
  if (found === null || found[1] !== place) return undefined
  const held = readHeld(found, 5)
  const grant = held && readGrant(found, held)
  return grant && { kind: 'allow', grants: [grant] }
}

function readGrant(found: RegExpExecArray, { role, on }: NearestMiss): Grant | undefined {
  const id = found[2]
  const groupId = found[3]
  const groupAssignmentId = found[4]
  if (id !== undefined) {
    if (!isShortId(id, idPrefixes.assignment)) return undefined
    return { from: 'assignment', assignmentId: id as AssignmentId, role, on }
  }
  if (groupId === undefined || groupAssignmentId === undefined) return { from: 'membership', role, on }
  if (!isShortId(groupId, idPrefixes.group) || !isShortId(groupAssignmentId, groupAssignmentPrefix))
    return undefined
  const assignmentId = fromGroupAssignmentId(groupAssignmentId as GroupAssignmentId)
  return { from: 'group', groupId: groupId as GroupId, assignmentId, role, on }
}

function readDeny(item: string, place: string, reasons: ReadonlySet<unknown>): Decision | undefined {
  const found = deny.exec(item)
  if (found === null || found[1] !== place || !reasons.has(found[2])) return undefined
  const nearestMisses = readMisses(item, found[0].length)
  return nearestMisses && { kind: 'deny', reason: found[2] as DenyReason, nearestMisses }
}

/** What stands in the list that begins here, up to the end of the item. */
function readMisses(item: string, start: number): NearestMiss[] | undefined {
  const misses: NearestMiss[] = []
  if (item.startsWith(noMore, start)) return item.length === start + noMore.length ? misses : undefined
  miss.lastIndex = start
  for (;;) {
    const found = miss.exec(item)
    const held = found && readHeld(found, 1)
    if (!found || !held) return undefined
    misses.push(held)
    if (found[5] === ',') continue
    const at = miss.lastIndex - 1
    return item.startsWith(noMore, at) && item.length === at + noMore.length ? misses : undefined
  }
}

const noMore = ']},'

/** A role and where it is held, from this group of an expression on. */
function readHeld(found: RegExpExecArray, first: number): NearestMiss | undefined {
  const role = found[first] as string
  const id = found[first + 1] as ResourceId
  const externalId = found[first + 2] as string
  const type = found[first + 3] as string
  const isShort =
    role.length <= limits.slugLength &&
    isShortId(id, idPrefixes.resource) &&
    externalId.length <= limits.externalIdLength &&
    type.length <= limits.slugLength
  return isShort ? { role, on: { id, type, externalId } } : undefined
}
