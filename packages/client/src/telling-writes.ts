import type { AuthorizationEngine, ConsistencyToken, OrganizationId, Written } from '@bailiwick/core'

/** The methods that change something. */
export type WriteMethod = {
  readonly [Name in keyof AuthorizationEngine]-?: AuthorizationEngine[Name] extends (
    ...parameters: never[]
  ) => Promise<Written<unknown>>
    ? Name
    : never
}[keyof AuthorizationEngine]

/** All of them, or it does not compile. */
const writeMethods: { readonly [Name in WriteMethod]: true } = {
  createOrganization: true,
  deleteOrganization: true,
  createMembership: true,
  setMembershipRoles: true,
  setMembershipStatus: true,
  deleteMembership: true,
  syncDirectoryGroups: true,
  applyDirectoryGroupEvent: true,
  createResource: true,
  renameResource: true,
  moveResource: true,
  deleteResource: true,
  createGroup: true,
  renameGroup: true,
  deleteGroup: true,
  addGroupMember: true,
  removeGroupMember: true,
  assignRole: true,
  removeAssignment: true,
  replaceAssignments: true,
  createOrganizationRole: true,
  updateOrganizationRole: true,
  deleteOrganizationRole: true,
  setRoleOrder: true,
  createDirectoryMapping: true,
  deleteDirectoryMapping: true,
  createExclusion: true,
  deleteExclusion: true,
}

/** The writing half of an engine. */
export type Writes = Pick<AuthorizationEngine, WriteMethod>

/** The writing half of an engine, alone. */
export function writesOf(engine: Writes): Writes {
  const methods = Object.keys(writeMethods).map((name) => [name, engine[name as WriteMethod]])
  return Object.fromEntries(methods) as Writes
}

/** A write that has ended. */
export interface EndedWrite {
  /** Where it changed something, as far as its caller said. */
  readonly organizationId: OrganizationId | undefined
  /** `undefined` when it failed: then it may have happened all the same. */
  readonly token: ConsistencyToken | undefined
}

type AnyWrite = (...parameters: readonly unknown[]) => Promise<Written<unknown>>

/** The writing half of an engine, which tells of the end of every write before its caller knows of it. */
export function tellingWrites(engine: Writes, tell: (write: EndedWrite) => unknown): Writes {
  const methods = Object.keys(writeMethods).map((name) => {
    const write = engine[name as WriteMethod] as unknown as AnyWrite
    const telling: AnyWrite = async (...parameters) => {
      const organizationId = organizationOf(parameters[0])
      try {
        const written = await write(...parameters)
        tell({ organizationId, token: written.token })
        return written
      } catch (error) {
        tell({ organizationId, token: undefined })
        throw error
      }
    }
    return [name, telling]
  })
  return Object.fromEntries(methods) as Writes
}

/** All of them name it first: alone, in what is to be made, or as the id that it is to have. */
function organizationOf(first: unknown): OrganizationId | undefined {
  if (typeof first === 'string') return first as OrganizationId
  const { organizationId, id } = (first ?? {}) as Partial<Record<'organizationId' | 'id', OrganizationId>>
  return organizationId ?? id
}
