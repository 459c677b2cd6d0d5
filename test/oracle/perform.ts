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
    case 'assignRole': {
      const { do: _, ...rest } = command
      const { value } = await engine.assignRole(rest)
      return { assignment: value.id }
    }
    case 'removeAssignment':
      await engine.removeAssignment(command.organizationId, command.assignmentId)
      return {}
    default:
      return assertNever(command)
  }
}
