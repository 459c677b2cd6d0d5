import type { AuthorizationEngine } from '@bailiwick/core'
import { type Outcome, perform } from '../oracle/perform.js'
import type { TakeRole, WorldCommand } from '../worlds/world.js'

/** Play a command of a world to an engine. */
export async function performTold(engine: AuthorizationEngine, told: WorldCommand): Promise<Outcome> {
  return told.do === 'takeRole' ? takeRole(engine, told) : perform(engine, told)
}

async function takeRole(
  engine: AuthorizationEngine,
  { organizationId, subject, role, resource }: TakeRole,
): Promise<Outcome> {
  const on = await engine.findResource(organizationId, resource)
  const held = await engine.listAssignments(organizationId, subject)
  const assignment = held.find((one) => one.role === role && one.resourceId === on?.id)
  if (assignment === undefined) return { kind: 'refused', code: 'assignment_not_found' }
  return perform(engine, { do: 'removeAssignment', organizationId, assignmentId: assignment.id })
}
