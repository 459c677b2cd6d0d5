import {
  type CheckQuestion,
  type ExclusionId,
  type MappingId,
  type ModelDefinition,
  parseAssignmentId,
  parseResourceId,
  type ResourceId,
} from '@bailiwick/core'
import { expect } from 'vitest'
import { answer, wayUp } from '../oracle/answer.js'
import { apply, heldAssignment, heldExclusion } from '../oracle/apply.js'
import type { Command } from '../oracle/command.js'
import { type Facts, factsOf, withModel } from '../oracle/facts.js'
import { find } from '../oracle/find.js'
import type { GrantFact } from '../oracle/holdings.js'
import { allowedResources, allowedSubjects, effectivePermissions } from '../oracle/lists.js'
import type { Outcome } from '../oracle/perform.js'
import { refusals } from '../oracle/refusals.js'
import { groupIdOf, showResource } from '../worlds/names.js'
import type { Expected, ExpectedList, WorldCommand } from '../worlds/world.js'
import type { Door, Room } from './door.js'
import { type Answered, expectAnswer, formsOf } from './expect-answer.js'

/** The oracle itself: what people wrote down must be true of it before it may judge an engine. */
export function oracleDoor(): Door {
  return {
    name: 'the oracle',
    open() {
      let facts: Facts | undefined
      const keep = (after: Facts) => {
        facts = after
      }
      return {
        async enter(model) {
          if (facts !== undefined && isOrphaned(facts, model)) return { refused: 'model_change_refused' }
          return new OracleRoom(facts === undefined ? factsOf(model) : withModel(facts, model), keep)
        },
        discard() {},
      }
    },
  }
}

/** What somebody holds cannot go: it would come back to him under another meaning. */
function isOrphaned(facts: Facts, model: ModelDefinition): boolean {
  const held = [
    ...facts.memberships.flatMap(({ roles }) => roles),
    ...[...facts.assignments, ...facts.mappings].map(({ role }) => role),
    ...facts.roleOrders.flatMap(({ defaultRole }) => defaultRole ?? []),
  ]
  const isOwn = (role: string) => facts.ownRoles.some(({ slug }) => slug === role)
  return (
    held.some((role) => !Object.hasOwn(model.roles, role) && !isOwn(role)) ||
    facts.exclusions.some(({ permission }) => !Object.hasOwn(model.permissions, permission))
  )
}

class OracleRoom implements Room {
  #facts: Facts

  constructor(
    facts: Facts,
    readonly keep: (facts: Facts) => void,
  ) {
    this.#facts = facts
  }

  async perform(told: WorldCommand): Promise<Outcome> {
    const command = inFull(this.#facts, told)
    const [code] = refusals(this.#facts, command)
    if (code !== undefined) return { kind: 'refused', code }
    const made = {
      root: nextResourceId(),
      resource: nextResourceId(),
      assignment: parseAssignmentId(`role_assignment_${count++}`),
      mapping: `idp_mapping_${count++}` as MappingId,
      exclusion: `exclusion_${count++}` as ExclusionId,
      ...(command.do === 'createGroup'
        ? { group: groupIdOf(command.name, command.organizationId.replace('org_', '')) }
        : {}),
    }
    this.#facts = apply(this.#facts, command, made)
    return { kind: 'done', made }
  }

  async ask(expected: Expected): Promise<void> {
    const { resource } = expected
    const found = resource && find.resource(this.#facts, resource.organizationId, resource)
    for (const question of formsOf(expected, found?.id))
      expectAnswer(expected, this.#answer(question, expected))
  }

  async list(expected: ExpectedList): Promise<void> {
    expect([...this.#items(expected)].sort(), expected.sentence).toEqual(expected.items)
  }

  async leave(): Promise<void> {
    this.keep(this.#facts)
  }

  #items(expected: ExpectedList): readonly string[] {
    switch (expected.list) {
      case 'resources':
        return allowedResources(this.#facts, expected.question).map((id) => this.#place(id))
      case 'subjects':
        return allowedSubjects(this.#facts, expected.question).map((id) => this.#name(id))
      case 'permissions':
        return effectivePermissions(this.#facts, expected.question)
    }
  }

  #answer(question: CheckQuestion, expected: Expected): Answered {
    const given = answer(this.#facts, question)
    if (given.kind === 'refused') throw new Error(`the question is refused: ${given.code}`)
    const resource = find.place(this.#facts, question.organizationId, question.resource)
    const path = resource === undefined ? [] : wayUp(this.#facts, resource).map(showResource)
    if (given.kind === 'allow') {
      const grants = given.grants.map((grant) => this.#show(grant))
      const delegations = given.delegations.map((grants) => grants.map((grant) => this.#show(grant)))
      const answer: Answered['answer'] = { kind: 'allow', grants }
      return { answer, nearest: [], path, delegations, exclusions: [], sentences: undefined }
    }
    const party = expected.onBehalfOf.find(({ refs }) => refs[0] === given.onBehalfOf)?.name
    return {
      answer: { kind: 'deny', reason: given.reason, party },
      nearest: given.nearestMisses.map(({ role, on }) => `${role} on ${this.#place(on)}`),
      path,
      delegations: [],
      exclusions: given.denials.map(({ holder, on }) => `${this.#name(holder.id)} on ${this.#place(on)}`),
      sentences: undefined,
    }
  }

  #show(grant: GrantFact): string {
    if (grant.from === 'membership') return grant.role
    const what = grant.from === 'permission' ? 'permission' : grant.role
    const through =
      grant.from === 'group'
        ? ` through ${this.#name(grant.groupId)}`
        : grant.from === 'directory'
          ? ` mapped from ${grant.directoryGroup}`
          : grant.from === 'permission' && grant.holder.kind === 'group'
            ? ` through ${this.#name(grant.holder.id)}`
            : ''
    return `${what} on ${this.#place(grant.on)}${through}`
  }

  #place(id: string): string {
    const resource = this.#facts.resources.find((known) => known.id === id)
    return resource === undefined ? id : showResource(resource)
  }

  #name(id: string): string {
    const membership = this.#facts.memberships.find((known) => known.id === id)
    if (membership !== undefined) return membership.userId.replace('user_', '')
    const group = this.#facts.groups.find((known) => known.id === id)
    return group === undefined ? this.#place(id) : `group/${group.name}`
  }
}

/** A command that names things by what they are, with the ids that they happen to have. */
function inFull(facts: Facts, told: WorldCommand): Command {
  switch (told.do) {
    case 'takeRole': {
      const held = heldAssignment(facts, told.organizationId, told.subject, told)
      const assignmentId = held?.id ?? parseAssignmentId('role_assignment_none')
      return { do: 'removeAssignment', organizationId: told.organizationId, assignmentId }
    }
    case 'unmap': {
      const place = find.resource(facts, told.organizationId, told.resource)
      const known = facts.mappings.find(
        ({ directoryGroup, role, resourceId }) =>
          directoryGroup === told.directoryGroup && role === told.role && resourceId === place?.id,
      )
      const mappingId = known?.id ?? ('idp_mapping_none' as MappingId)
      return { do: 'deleteDirectoryMapping', organizationId: told.organizationId, mappingId }
    }
    case 'liftExclusion': {
      const any = (['deny', 'allow'] as const).map((effect) =>
        heldExclusion(facts, { ...told, do: 'createExclusion', effect }),
      )
      const exclusionId = any.find((held) => held !== undefined)?.id ?? ('exclusion_none' as ExclusionId)
      return { do: 'deleteExclusion', organizationId: told.organizationId, exclusionId }
    }
    default:
      return told
  }
}

let count = 0

function nextResourceId(): ResourceId {
  return parseResourceId(`authz_resource_${count++}`)
}
