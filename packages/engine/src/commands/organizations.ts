import {
  EntityExists,
  type NewOrganization,
  type Organization,
  type OrganizationId,
  parseExternalId,
  parseName,
  type Resource,
  type ResourceId,
  rootType,
} from '@bailiwick/core'
import { newId } from '../new-id.js'
import type { Command } from './command.js'

/** Make an organization and, with it, the root of its resources. */
export function createOrganization(id: OrganizationId, input: NewOrganization): Command<Organization> {
  const name = parseName(input.name)
  const externalId = input.externalId === undefined ? null : parseExternalId(input.externalId)
  return (graph, { at, ulid }) => {
    if (graph.organization !== undefined) throw new EntityExists('organization', id)
    const organization: Organization = { id, name, externalId, createdAt: at, updatedAt: at }
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
