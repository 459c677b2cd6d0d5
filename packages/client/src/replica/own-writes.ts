import type { AuthorizationEngine, ConsistencyToken, Written } from '@bailiwick/core'

/** The methods that change something. */
export type WriteMethod = {
  readonly [Name in keyof AuthorizationEngine]: AuthorizationEngine[Name] extends (
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

type AnyWrite = (...parameters: readonly unknown[]) => Promise<Written<unknown>>

/** The writing half of an engine, which tells of the token of every write before its caller knows of it. */
export function tellingWrites(
  engine: AuthorizationEngine,
  tell: (token: ConsistencyToken) => void,
): Pick<AuthorizationEngine, WriteMethod> {
  const methods = Object.keys(writeMethods).map((name) => {
    const write = engine[name as WriteMethod] as unknown as AnyWrite
    const telling: AnyWrite = async (...parameters) => {
      const written = await write(...parameters)
      tell(written.token)
      return written
    }
    return [name, telling]
  })
  return Object.fromEntries(methods) as Pick<AuthorizationEngine, WriteMethod>
}
