import {
  type Change,
  EntityExists,
  mergeMetadata,
  type NewOrganization,
  type Organization,
  type OrganizationChanges,
  type OrganizationId,
  parseName,
  type Resource,
  type ResourceId,
  rootType,
} from '@bailiwick/core'
import type { OrganizationGraph } from '../graph/organization-graph.js'
import { none } from '../graph/resource-table.js'
import { newId } from '../new-id.js'
import type { Command } from './command.js'
import { requireOrganization } from './find.js'
import { parseOrganizationFields } from './organization-fields.js'
import { removalsOfResource } from './removals.js'

/** Make an organization and, with it, the root of its resources. */
export function createOrganization(id: OrganizationId, input: NewOrganization): Command<Organization> {
  const name = parseName(input.name)
  const { externalId = null, domains = [], metadata = {} } = parseOrganizationFields(input)
  return (graph, { at, ulid }) => {
    if (graph.organization !== undefined) throw new EntityExists('organization', id)
    const organization: Organization = {
      id,
      name,
      externalId,
      domains,
      metadata: mergeMetadata({}, metadata),
      createdAt: at,
      updatedAt: at,
    }
    const root: Resource = {
      id: newId<ResourceId>('resource', ulid),
      organizationId: id,
      type: rootType,
      externalId: externalId ?? id,
      name,
      description: null,
      parentId: null,
      createdAt: at,
      updatedAt: at,
    }
    return {
      changes: [
        { op: 'put', kind: 'organization', entity: organization },
        { op: 'put', kind: 'resource', entity: root },
      ],
      value: organization,
    }
  }
}

/** Change what an organization is called and known by. Its root resource follows. */
export function updateOrganization(id: OrganizationId, to: OrganizationChanges): Command<Organization> {
  const { metadata, ...fields } = parseOrganizationFields(to)
  return (graph, { at, entity }) => {
    const root = graph.resources.id(requireOrganization(graph, id))
    const before = entity('organization', id)
    const organization: Organization = {
      ...before,
      name: fields.name ?? before.name,
      externalId: fields.externalId === undefined ? before.externalId : fields.externalId,
      domains: fields.domains ?? before.domains,
      metadata: mergeMetadata(before.metadata, metadata ?? {}),
      updatedAt: at,
    }
    const { name } = organization
    const externalId = organization.externalId ?? id
    const changes: Change[] = [{ op: 'put', kind: 'organization', entity: organization }]
    if (name !== before.name || organization.externalId !== before.externalId) {
      const resource = { ...entity('resource', root), name, externalId, updatedAt: at }
      changes.push({ op: 'put', kind: 'resource', entity: resource })
    }
    return { changes, value: organization }
  }
}

/** Delete an organization with everything in it. Its revisions go on, should it be made again under its id. */
export function deleteOrganization(id: OrganizationId): Command<undefined> {
  return (graph) => {
    const root = requireOrganization(graph, id)
    const changes = [
      ...removalsOfResource(graph, root),
      ...groupRemovals(graph),
      ...membershipRemovals(graph),
      ...roleRemovals(graph, id),
      { op: 'remove', kind: 'organization', id } as const,
    ]
    return { changes, value: undefined }
  }
}

/** Groups and links. What groups hold, they hold on a resource, and it goes with that. */
function* groupRemovals({ groups, memberships }: OrganizationGraph): Generator<Change> {
  for (let position = 0; position < groups.ordered.length; position++) {
    const group = groups.ordered.at(position)
    const groupId = groups.id(group)
    for (let link = groups.firstLink(group); link !== none; link = groups.nextOfGroup(link)) {
      const membershipId = memberships.id(groups.membership(link))
      yield { op: 'remove', kind: 'group_member', id: `${groupId}/${membershipId}` }
    }
    yield { op: 'remove', kind: 'group', id: groupId }
  }
}

function* membershipRemovals({ memberships }: OrganizationGraph): Generator<Change> {
  for (let position = 0; position < memberships.ordered.length; position++)
    yield { op: 'remove', kind: 'membership', id: memberships.id(memberships.ordered.at(position)) }
}

function* roleRemovals({ roles, roleOrder }: OrganizationGraph, id: OrganizationId): Generator<Change> {
  for (const role of roles.own()) yield { op: 'remove', kind: 'organization_role', id: role.id }
  if (roleOrder !== undefined) yield { op: 'remove', kind: 'role_order', id }
}
