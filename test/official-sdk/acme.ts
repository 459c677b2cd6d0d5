import {
  defineModel,
  type GroupId,
  type MembershipId,
  type OrganizationId,
  type ResourceId,
} from '@bailiwick/core'
import type { StartOptions } from '../server/start-server.js'
import type { Sdk } from './sdks.js'
import { type SdkSession, startSdk } from './start-sdk.js'

/** Workspaces hold projects and folders, which also lie beside them; projects hold documents. */
export const model = defineModel({
  resourceTypes: {
    workspace: { parents: ['organization'] },
    project: { parents: ['workspace'] },
    folder: { parents: ['organization', 'workspace'] },
    document: { parents: ['project'] },
  },
  permissions: {
    'billing:manage': 'organization',
    'workspace:manage': 'workspace',
    'project:view': 'project',
    'project:edit': 'project',
    'document:view': 'document',
  },
  roles: {
    admin: {
      on: 'organization',
      permissions: ['billing:manage', 'workspace:manage', 'project:view', 'project:edit'],
    },
    member: { on: 'organization', permissions: [] },
    'workspace-admin': { on: 'workspace', permissions: ['workspace:manage', 'project:view', 'project:edit'] },
    'workspace-viewer': { on: 'workspace', permissions: ['project:view'] },
    'project-editor': { on: 'project', permissions: ['project:view', 'project:edit', 'document:view'] },
  },
  defaultRole: 'member',
  roleMode: 'multiple',
})

/** An organization, as a product's tests would have one. */
export interface Acme extends SdkSession {
  readonly organizationId: OrganizationId
  /** The root of its resources. */
  readonly root: ResourceId
  /** Make a member; she is called by her user id. */
  readonly join: (userId: string, roles?: readonly string[]) => Promise<MembershipId>
  /** Make a group with these members. */
  readonly crew: (name: string, ...members: readonly MembershipId[]) => Promise<GroupId>
  /** Make a resource. Without a parent, under the organization. */
  readonly place: (type: string, externalId: string, parentId?: ResourceId) => Promise<ResourceId>
}

/** A server with the organization Acme, whose external id is `acme`. */
export async function startAcme(sdk: Sdk, options: Pick<StartOptions, 'store'> = {}): Promise<Acme> {
  const session = await startSdk(sdk, { model, ...options })
  const { engine } = session
  const { value: organization } = await engine.createOrganization({ name: 'Acme', externalId: 'acme' })
  const organizationId = organization.id
  const root = await engine.findResource(organizationId, { type: 'organization', externalId: 'acme' })
  return {
    ...session,
    organizationId,
    root: (root as { readonly id: ResourceId }).id,
    join: async (userId, roles) => {
      const chosen = roles === undefined ? {} : { roles }
      return (await engine.createMembership({ organizationId, userId, ...chosen })).value.id
    },
    crew: async (name, ...members) => {
      const { id } = (await engine.createGroup({ organizationId, name })).value
      for (const membershipId of members) await engine.addGroupMember(organizationId, id, { membershipId })
      return id
    },
    place: async (type, externalId, parentId) => {
      const parent = parentId === undefined ? {} : { parent: { resourceId: parentId } }
      return (await engine.createResource({ organizationId, type, externalId, name: externalId, ...parent }))
        .value.id
    },
  }
}

/** An id of each kind that nobody has. */
export const nobody = {
  organization: 'org_01J9ZX0V8Q7Z5K3M2N1P0R4S6T',
  membership: 'om_01J9ZX0V8Q7Z5K3M2N1P0R4S6T',
  resource: 'authz_resource_01J9ZX0V8Q7Z5K3M2N1P0R4S6T',
  group: 'group_01J9ZX0V8Q7Z5K3M2N1P0R4S6T',
  assignment: 'role_assignment_01J9ZX0V8Q7Z5K3M2N1P0R4S6T',
  groupAssignment: 'gra_01J9ZX0V8Q7Z5K3M2N1P0R4S6T',
} as const
