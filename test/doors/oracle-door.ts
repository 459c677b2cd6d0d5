import {
  type AssignmentId,
  type CheckQuestion,
  type ModelDefinition,
  parseAssignmentId,
  parseResourceId,
  type ResourceId,
} from '@bailiwick/core'
import { answer, type GrantFact, wayUp } from '../oracle/answer.js'
import { apply, heldAssignment } from '../oracle/apply.js'
import type { Command } from '../oracle/command.js'
import { type Facts, factsOf, withModel } from '../oracle/facts.js'
import { find } from '../oracle/find.js'
import type { Outcome } from '../oracle/perform.js'
import { refusals } from '../oracle/refusals.js'
import { showResource } from '../worlds/names.js'
import type { Expected, WorldCommand } from '../worlds/world.js'
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

/** A role that somebody holds cannot go: it would come back to him under another meaning. */
function isOrphaned(facts: Facts, model: ModelDefinition): boolean {
  const given = facts.memberships.flatMap(({ roles }) => roles)
  const assigned = facts.assignments.map(({ role }) => role)
  return [...given, ...assigned].some((role) => !Object.hasOwn(model.roles, role))
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
    const command = told.do === 'takeRole' ? this.#removal(told) : told
    const [code] = refusals(this.#facts, command)
    if (code !== undefined) return { kind: 'refused', code }
    const made = {
      root: nextResourceId(),
      resource: nextResourceId(),
      assignment: parseAssignmentId(`role_assignment_${count++}`),
    }
    this.#facts = apply(this.#facts, command, made)
    return { kind: 'done', made }
  }

  async ask(expected: Expected): Promise<void> {
    const { resource } = expected
    const found = resource && find.resource(this.#facts, resource.organizationId, resource)
    for (const question of formsOf(expected, found?.id)) expectAnswer(expected, this.#answer(question))
  }

  async leave(): Promise<void> {
    this.keep(this.#facts)
  }

  #removal(told: Extract<WorldCommand, { do: 'takeRole' }>): Command {
    const held = heldAssignment(this.#facts, { ...told, do: 'assignRole' })
    const nothing: AssignmentId = parseAssignmentId('role_assignment_none')
    return {
      do: 'removeAssignment',
      organizationId: told.organizationId,
      assignmentId: held?.id ?? nothing,
    }
  }

  #answer(question: CheckQuestion): Answered {
    const given = answer(this.#facts, question)
    if (given.kind === 'refused') throw new Error(`the question is refused: ${given.code}`)
    const { organizationId, resource: ref } = question
    const resource =
      ref === undefined
        ? find.root(this.#facts, organizationId)
        : find.resource(this.#facts, organizationId, ref)
    return {
      answer:
        given.kind === 'allow'
          ? { kind: 'allow', grants: given.grants.map((grant) => this.#show(grant)) }
          : { kind: 'deny', reason: given.reason },
      nearest:
        given.kind === 'allow'
          ? []
          : given.nearestMisses.map(({ role, on }) => `${role} on ${this.#place(on)}`),
      path: resource === undefined ? [] : wayUp(this.#facts, resource).map(showResource),
    }
  }

  #show(grant: GrantFact): string {
    return grant.from === 'membership' ? grant.role : `${grant.role} on ${this.#place(grant.on)}`
  }

  #place(id: ResourceId): string {
    const resource = this.#facts.resources.find((known) => known.id === id)
    return resource === undefined ? id : showResource(resource)
  }
}

let count = 0

function nextResourceId(): ResourceId {
  return parseResourceId(`authz_resource_${count++}`)
}
