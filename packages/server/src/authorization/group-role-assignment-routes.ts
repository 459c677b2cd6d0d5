import {
  type Assignment,
  type AssignmentId,
  EntityNotFound,
  type EntityPage,
  type GroupId,
} from '@bailiwick/core'
import {
  createGroupRoleAssignment,
  fromGroupAssignmentId,
  type GroupAssignmentId,
  type GroupRoleAssignmentJson,
  getGroupRoleAssignment,
  groupAssignmentId,
  type ListQuery,
  listGroupRoleAssignments,
  pageOf,
  parseResourceRef,
  removeGroupRoleAssignment,
  removeGroupRoleAssignments,
  renderGroupRoleAssignment,
  renderList,
  replaceGroupRoleAssignments,
  toGroupAssignmentId,
} from '@bailiwick/wire'
import type { ReadingEngine } from '../http/reading-engine.js'
import { type Route, route, type Service } from '../http/route.js'
import { requireOrganization } from './require-organization.js'
import { requireResource } from './resource-places.js'

/** Roles that groups hold. */
export function groupRoleAssignmentRoutes({ engine, engineFor }: Service): readonly Route[] {
  return [
    route(createGroupRoleAssignment, async ({ params, body }, context) => {
      const { value, token } = await engineFor(context).createAssignment(await named(params.group_id, body))
      return { body: await rendered(engine, value), token }
    }),
    route(removeGroupRoleAssignments, async ({ params, body }, context) => {
      const { token } = await engineFor(context).takeRole(await named(params.group_id, body))
      return { body: undefined, token }
    }),
    route(replaceGroupRoleAssignments, async ({ params, body }, context) => {
      const groupId = params.group_id
      const organizationId = await requireOrganization(engine, 'group', groupId)
      const wanted = body.role_assignments.map(parseRoleOnResource)
      const { value, token } = await engineFor(context).replaceAssignments(
        organizationId,
        { groupId },
        wanted,
      )
      const items = await Promise.all(value.map((assignment) => rendered(engine, assignment)))
      return { body: renderList({ items, before: null, after: null }, asItIs, {}), token }
    }),
    route(listGroupRoleAssignments, async ({ params, query }) => {
      const id = params.group_id
      const organizationId = await requireOrganization(engine, 'group', id)
      const subject = { kind: 'group', id } as const
      const page = await engine.listAssignmentPage(organizationId, subject, pageOf(withEngineIds(query)))
      const items = await Promise.all(page.items.map((assignment) => rendered(engine, assignment)))
      return { body: renderList({ ...placesOf(page), items }, asItIs, query) }
    }),
    route(getGroupRoleAssignment, async ({ params }) => ({
      body: await rendered(engine, await find(params.group_id, params.role_assignment_id)),
    })),
    route(removeGroupRoleAssignment, async ({ params }, context) => {
      const { id, organizationId } = await find(params.group_id, params.role_assignment_id)
      const { token } = await engineFor(context).removeAssignment(organizationId, id)
      return { body: undefined, token }
    }),
  ]

  async function named(groupId: GroupId, body: RoleOnResourceJson) {
    const role = parseRoleOnResource(body)
    return {
      organizationId: await requireOrganization(engine, 'group', groupId),
      subject: { groupId },
      ...role,
    }
  }

  async function find(groupId: GroupId, id: GroupAssignmentId): Promise<Assignment> {
    const organizationId = await requireOrganization(engine, 'group', groupId)
    const assignment = await engine.findAssignment(organizationId, fromGroupAssignmentId(id))
    if (assignment?.subject.id !== groupId) throw new EntityNotFound('assignment', id)
    return assignment
  }
}

type RoleOnResourceJson = { readonly role_slug: string } & Parameters<typeof parseResourceRef>[0]

/** Without a resource, the organization itself. */
function parseRoleOnResource(json: RoleOnResourceJson) {
  const resource = parseResourceRef(json)
  return resource === undefined ? { role: json.role_slug } : { role: json.role_slug, resource }
}

async function rendered(engine: ReadingEngine, assignment: Assignment): Promise<GroupRoleAssignmentJson> {
  const { organizationId, resourceId } = assignment
  return renderGroupRoleAssignment(assignment, await requireResource(engine, organizationId, { resourceId }))
}

// The places of this list are ids of groups' assignments, which the engine knows under its own prefix.

function withEngineIds<Query extends ListQuery>({ before, after, ...rest }: Query): ListQuery {
  return { ...rest, before: engineId(before), after: engineId(after) }
}

function engineId(place: string | undefined): string | undefined {
  const parsed = groupAssignmentId.safeParse(place)
  return parsed.success ? fromGroupAssignmentId(parsed.data) : place
}

function placesOf({ before, after }: EntityPage<Assignment>) {
  return { before: wireId(before), after: wireId(after) }
}

function wireId(place: string | null): string | null {
  return place === null ? null : toGroupAssignmentId(place as AssignmentId)
}

function asItIs<Item>(item: Item): Item {
  return item
}
