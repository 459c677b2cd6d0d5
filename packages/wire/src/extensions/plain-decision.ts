import type {
  AssignmentId,
  Decision,
  DenyReason,
  Grant,
  GroupId,
  NearestMiss,
  ResourceAddress,
  ResourceId,
} from '@bailiwick/core'
import {
  fromGroupAssignmentId,
  type GroupAssignmentId,
  groupAssignmentIdPattern,
} from '../authorization/assignment-ids.js'
import { idPatterns, isExternalId, isKnownSlug } from '../ids.js'

/**
 * Read a decision in one of the forms that nearly all have: an allow by roles, a deny with nothing but its misses.
 * A schema takes five times as long, which is most of what a remote check of many costs.
 *
 * @param reasons - Those that a deny may have.
 * @returns What the schema would have made of it, or `undefined` for whatever the schema has to judge.
 */
export function readPlainDecision(json: unknown, reasons: ReadonlySet<unknown>): Decision | undefined {
  if (!isObject(json) || json.warnings !== undefined) return undefined
  if (json.authorized === true) return json.delegations === undefined ? readAllow(json.grants) : undefined
  if (json.authorized !== false || json.exclusions !== undefined || json.on_behalf_of !== undefined)
    return undefined
  const nearestMisses = readEach(json.nearest_misses, readMiss)
  if (nearestMisses === undefined || !reasons.has(json.reason)) return undefined
  return { kind: 'deny', reason: json.reason as DenyReason, nearestMisses }
}

function readAllow(json: unknown): Decision | undefined {
  const grants = readEach(json, readGrant)
  const [first] = grants ?? []
  if (grants === undefined || first === undefined) return undefined
  return { kind: 'allow', grants: grants as [Grant, ...Grant[]] }
}

function readEach<Item>(json: unknown, read: (json: Json) => Item | undefined): Item[] | undefined {
  if (!Array.isArray(json)) return undefined
  const items: Item[] = []
  for (const each of json as readonly unknown[]) {
    const item = isObject(each) ? read(each) : undefined
    if (item === undefined) return undefined
    items.push(item)
  }
  return items
}

function readGrant(json: Json): Grant | undefined {
  const role = readRole(json.role)
  const on = readAddress(json.resource)
  if (role === undefined || on === undefined) return undefined
  switch (json.from) {
    case 'organization_membership':
      return { from: 'membership', role, on }
    case 'role_assignment': {
      const id = json.role_assignment_id
      return isText(id, idPatterns.assignment)
        ? { from: 'assignment', assignmentId: id as AssignmentId, role, on }
        : undefined
    }
    case 'group': {
      const groupId = json.group_id
      const id = json.group_role_assignment_id
      if (!isText(groupId, idPatterns.group) || !isText(id, groupAssignmentIdPattern)) return undefined
      const assignmentId = fromGroupAssignmentId(id as GroupAssignmentId)
      return { from: 'group', groupId: groupId as GroupId, assignmentId, role, on }
    }
    default:
      return undefined
  }
}

function readMiss(json: Json): NearestMiss | undefined {
  const role = readRole(json.role)
  const on = readAddress(json.resource)
  return role === undefined || on === undefined ? undefined : { role, on }
}

function readRole(json: unknown): string | undefined {
  return isObject(json) && isKnownSlug(json.slug) ? json.slug : undefined
}

function readAddress(json: unknown): ResourceAddress | undefined {
  if (!isObject(json)) return undefined
  const { id, external_id: externalId, resource_type_slug: type } = json
  if (!isText(id, idPatterns.resource) || !isExternalId(externalId) || !isKnownSlug(type)) return undefined
  return { id: id as ResourceId, type, externalId }
}

interface Json {
  readonly [name: string]: unknown
}

function isObject(json: unknown): json is Json {
  return typeof json === 'object' && json !== null && !Array.isArray(json)
}

function isText(value: unknown, pattern: RegExp): value is string {
  return typeof value === 'string' && pattern.test(value)
}
