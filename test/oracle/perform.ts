import { type AuthorizationEngine, assertNever, isAuthorizationError } from '@bailiwick/core'
import type { MadeIds } from './apply.js'
import type { Command } from './command.js'

/** What an engine made of a command. */
export type Outcome =
  | { readonly kind: 'done'; readonly made: MadeIds }
  | { readonly kind: 'refused'; readonly code: string }

/**
 * Play a command to an engine.
 *
 * @throws what is no error of ours, and what says that nothing could be decided: neither is a refusal.
 */
export async function perform(engine: AuthorizationEngine, command: Command): Promise<Outcome> {
  try {
    return { kind: 'done', made: await send(engine, command) }
  } catch (error) {
    if (!isAuthorizationError(error) || error.kind === 'unavailable') throw error
    return { kind: 'refused', code: error.code }
  }
}

async function send(engine: AuthorizationEngine, command: Command): Promise<MadeIds> {
  switch (command.do) {
    case 'createOrganization': {
      const { do: _, ...rest } = command
      await engine.createOrganization({ ...rest, name: command.id })
      const ref = { type: 'organization', externalId: command.id }
      const root = await engine.findResource(command.id, ref)
      return root === undefined ? {} : { root: root.id }
    }
    case 'deleteOrganization':
      await engine.deleteOrganization(command.id)
      return {}
    case 'createMembership': {
      const { do: _, ...rest } = command
      await engine.createMembership(rest)
      return {}
    }
    case 'setMembershipRoles':
      await engine.setMembershipRoles(command.organizationId, command.subject, command.roles)
      return {}
    case 'setMembershipStatus':
      await engine.setMembershipStatus(command.organizationId, command.subject, command.status)
      return {}
    case 'deleteMembership':
      await engine.deleteMembership(command.organizationId, command.subject)
      return {}
    case 'syncDirectoryGroups': {
      const { organizationId, subject, groups, source } = command
      await engine.syncDirectoryGroups(organizationId, subject, groups, source)
      return {}
    }
    case 'applyDirectoryGroupEvent':
      await engine.applyDirectoryGroupEvent(command.organizationId, command.subject, command.event)
      return {}
    case 'createResource': {
      const { do: _, ...rest } = command
      const { value } = await engine.createResource({ ...rest, name: command.externalId })
      return { resource: value.id }
    }
    case 'renameResource':
      await engine.renameResource(command.organizationId, command.ref, { name: command.name })
      return {}
    case 'moveResource':
      await engine.moveResource(command.organizationId, command.ref, command.parent)
      return {}
    case 'deleteResource':
      await engine.deleteResource(command.organizationId, command.ref, { cascade: command.cascade })
      return {}
    case 'createGroup': {
      const { value } = await engine.createGroup({
        organizationId: command.organizationId,
        name: command.name,
      })
      return { group: value.id }
    }
    case 'renameGroup':
      await engine.renameGroup(command.organizationId, command.groupId, { name: command.name })
      return {}
    case 'deleteGroup':
      await engine.deleteGroup(command.organizationId, command.groupId)
      return {}
    case 'addGroupMember':
      await engine.addGroupMember(command.organizationId, command.groupId, command.member)
      return {}
    case 'removeGroupMember':
      await engine.removeGroupMember(command.organizationId, command.groupId, command.member)
      return {}
    case 'assignRole': {
      const { do: _, ...rest } = command
      const { value } = await engine.assignRole(rest)
      return { assignment: value.id }
    }
    case 'removeAssignment':
      await engine.removeAssignment(command.organizationId, command.assignmentId)
      return {}
    case 'replaceAssignments':
      return replaceAssignments(engine, command)
    case 'createOrganizationRole': {
      const { do: _, ...rest } = command
      const { value } = await engine.createOrganizationRole(rest)
      return { roleSlug: value.slug }
    }
    case 'updateOrganizationRole': {
      const { organizationId, slug, permissions } = command
      await engine.updateOrganizationRole(organizationId, slug, { permissions })
      return {}
    }
    case 'deleteOrganizationRole':
      await engine.deleteOrganizationRole(command.organizationId, command.slug)
      return {}
    case 'setRoleOrder': {
      const { do: _, organizationId, ...order } = command
      await engine.setRoleOrder(organizationId, order)
      return {}
    }
    case 'createDirectoryMapping': {
      const { do: _, ...rest } = command
      const { value } = await engine.createDirectoryMapping(rest)
      return { mapping: value.id }
    }
    case 'deleteDirectoryMapping':
      await engine.deleteDirectoryMapping(command.organizationId, command.mappingId)
      return {}
    case 'createExclusion': {
      const { do: _, ...rest } = command
      const { value } = await engine.createExclusion(rest)
      return { exclusion: value.id }
    }
    case 'deleteExclusion':
      await engine.deleteExclusion(command.organizationId, command.exclusionId)
      return {}
    default:
      return assertNever(command)
  }
}

/** What the engine answers is in the order of the ids; the oracle wants them in that of the command. */
async function replaceAssignments(
  engine: AuthorizationEngine,
  { organizationId, subject, assignments }: Extract<Command, { do: 'replaceAssignments' }>,
): Promise<MadeIds> {
  const { value } = await engine.replaceAssignments(organizationId, subject, assignments)
  const ids = await Promise.all(
    assignments.map(async ({ role, resource }) => {
      const ref = resource ?? { type: 'organization', externalId: organizationId }
      const place = await engine.findResource(organizationId, ref)
      return value.find((held) => held.role === role && held.resourceId === place?.id)?.id
    }),
  )
  return { assignments: ids.flatMap((id) => id ?? []) }
}
