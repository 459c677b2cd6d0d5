import type { AuthorizationEngine } from '@bailiwick/core'
import { type Outcome, perform } from '../oracle/perform.js'
import { groupIdOf } from '../worlds/names.js'
import type { LiftExclusion, TakeRole, Unmap, WorldCommand } from '../worlds/world.js'
import type { GroupIds } from './group-ids.js'

/** An engine that is told commands of worlds: those name groups, and much else, by what they are. */
export class TellingEngine {
  constructor(
    readonly engine: AuthorizationEngine,
    readonly groups: GroupIds,
  ) {}

  /** Play a command of a world. */
  async perform(command: WorldCommand): Promise<Outcome> {
    const told = this.groups.inPlace(command)
    switch (told.do) {
      case 'takeRole':
        return this.#takeRole(told)
      case 'unmap':
        return this.#unmap(told)
      case 'liftExclusion':
        return this.#liftExclusion(told)
      default: {
        const outcome = await perform(this.engine, told)
        if (told.do === 'createGroup' && outcome.kind === 'done' && outcome.made.group !== undefined)
          this.groups.made(groupIdOf(told.name, told.organizationId.replace('org_', '')), outcome.made.group)
        return outcome
      }
    }
  }

  async #takeRole({ organizationId, subject, role, resource }: TakeRole): Promise<Outcome> {
    const on = await this.engine.findResource(organizationId, resource)
    const held = await this.engine.listAssignments(organizationId, subject)
    const assignment = held.find((one) => one.role === role && one.resourceId === on?.id)
    if (assignment === undefined) return { kind: 'refused', code: 'assignment_not_found' }
    return perform(this.engine, { do: 'removeAssignment', organizationId, assignmentId: assignment.id })
  }

  async #unmap({ organizationId, directoryGroup, role, resource }: Unmap): Promise<Outcome> {
    const on = await this.engine.findResource(organizationId, resource)
    const mapping = (await this.engine.listDirectoryMappings(organizationId)).find(
      (one) => one.directoryGroup === directoryGroup && one.role === role && one.resourceId === on?.id,
    )
    if (mapping === undefined) return { kind: 'refused', code: 'mapping_not_found' }
    return perform(this.engine, { do: 'deleteDirectoryMapping', organizationId, mappingId: mapping.id })
  }

  async #liftExclusion({ organizationId, subject, permission, resource }: LiftExclusion): Promise<Outcome> {
    const on = await this.engine.findResource(organizationId, resource)
    const id = await this.#subjectId(organizationId, subject)
    const exclusion = (await this.engine.listExclusions(organizationId)).find(
      (one) => one.subject.id === id && one.permission === permission && one.resourceId === on?.id,
    )
    if (exclusion === undefined) return { kind: 'refused', code: 'exclusion_not_found' }
    return perform(this.engine, { do: 'deleteExclusion', organizationId, exclusionId: exclusion.id })
  }

  async #subjectId(
    organizationId: LiftExclusion['organizationId'],
    subject: LiftExclusion['subject'],
  ): Promise<string | undefined> {
    if ('groupId' in subject) return subject.groupId
    if ('agent' in subject) return (await this.engine.findResource(organizationId, subject.agent))?.id
    return (await this.engine.findMembership(organizationId, subject))?.id
  }
}
