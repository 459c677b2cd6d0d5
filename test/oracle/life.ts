import { type AuthorizationEngine, compileModel, limits } from '@bailiwick/core'
import type { EnginePlace } from '../doors/engine-places.js'
import { answer } from './answer.js'
import { apply, heldAssignment } from './apply.js'
import { ask } from './ask.js'
import type { Command } from './command.js'
import { compareLists } from './compare-lists.js'
import { compareState } from './compare-state.js'
import { Disagreement } from './disagreement.js'
import { type Facts, factsOf, withModel } from './facts.js'
import { type Outcome, perform } from './perform.js'
import { changedModel } from './random/changed-model.js'
import { possibleOrganizations } from './random/names.js'
import type { Random } from './random/random.js'
import { randomCommand } from './random/random-command.js'
import { randomModel } from './random/random-model.js'
import { randomQuestion } from './random/random-question.js'
import { refusals } from './refusals.js'
import type { Tally } from './tally.js'

const commandsBeforeQuestions = 220
const commandsPerRound = 8
const rounds = 6

/** One random world, from its first organization on, lived by an engine and by the oracle side by side. */
export class Life {
  /** The commands just played, oldest first. */
  readonly latest: Command[] = []
  #definition
  #facts: Facts
  #engine: AuthorizationEngine | undefined

  constructor(
    readonly random: Random,
    readonly place: EnginePlace,
    readonly tally: Tally,
    readonly commandsAtOnce: number,
  ) {
    this.#definition = randomModel(random)
    this.#facts = factsOf(this.#definition)
  }

  /** @throws {Disagreement} */
  async live(questions: number): Promise<void> {
    let engine = await this.#open()
    await this.#perform(
      engine,
      possibleOrganizations()
        .slice(0, 3)
        .map((id) => ({ do: 'createOrganization', id })),
    )
    await this.#commands(engine, commandsBeforeQuestions)
    for (let round = 0; round < rounds; round++) {
      await this.#commands(engine, commandsPerRound)
      await this.#questions(engine, Math.ceil(questions / rounds))
      await compareLists(this.random, this.#facts, engine)
      await compareState(this.#facts, engine)
      if (round === 1) engine = await this.#open()
      if (round === 3) {
        this.#definition = changedModel(this.random, this.#definition, this.#facts)
        this.#facts = withModel(this.#facts, this.#definition)
        engine = await this.#open()
      }
    }
  }

  async end(): Promise<void> {
    await this.#engine?.close()
    this.#engine = undefined
  }

  async #open(): Promise<AuthorizationEngine> {
    await this.end()
    this.#engine = await this.place.open(compileModel(this.#definition))
    return this.#engine
  }

  /** Commands come in groups, sent without waiting for each other: they must end as if each had waited. */
  async #commands(engine: AuthorizationEngine, count: number): Promise<void> {
    for (let left = count; left > 0; ) {
      const group = this.#group(Math.min(left, this.random.between(1, this.commandsAtOnce)))
      left -= group.length
      await this.#perform(engine, group)
    }
  }

  #group(size: number): readonly Command[] {
    const group: Command[] = []
    while (group.length < size) {
      const command = randomCommand(this.random, this.#facts)
      if (!group.some((other) => isRace(command, other))) group.push(command)
    }
    return group
  }

  async #perform(engine: AuthorizationEngine, group: readonly Command[]): Promise<void> {
    this.latest.push(...group)
    this.latest.splice(0, this.latest.length - 10)
    const outcomes = await Promise.all(group.map((command) => perform(engine, command)))
    for (const [index, outcome] of outcomes.entries()) this.#follow(group[index] as Command, outcome)
  }

  #follow(command: Command, outcome: Outcome): void {
    const broken = refusals(this.#facts, command)
    const agreed = outcome.kind === 'done' ? broken.length === 0 : broken.includes(outcome.code)
    if (!agreed) {
      throw new Disagreement('a command ends another way', { command, engine: outcome, rulesBroken: broken })
    }
    this.tally.commanded(outcome.kind === 'refused' ? outcome.code : undefined)
    if (outcome.kind === 'refused') return
    if (command.do === 'assignRole') {
      const held = heldAssignment(this.#facts, command)
      if (held !== undefined && held.id !== outcome.made.assignment) {
        throw new Disagreement('giving a role twice made a second assignment', { command, held })
      }
    }
    this.#facts = apply(this.#facts, command, outcome.made)
  }

  async #questions(engine: AuthorizationEngine, count: number): Promise<void> {
    for (let left = count; left > 0; left -= limits.checksPerBatch) {
      const batch = Array.from({ length: Math.min(left, limits.checksPerBatch) }, () => {
        const question = randomQuestion(this.random, this.#facts)
        return { question, right: answer(this.#facts, question) }
      })
      for (const { right } of batch) this.tally.answered(right)
      await ask(engine, this.#facts, batch)
    }
  }
}

/**
 * Membership ids are unique everywhere, and organizations do not wait for each other: which of two gets an id
 * that both want, or that one of them gives up, is nobody's to say.
 */
function isRace(one: Command, other: Command): boolean {
  if (one.do === 'createMembership' && other.do === 'createMembership') return one.id === other.id
  const kinds = [one.do, other.do]
  return kinds.includes('createMembership') && kinds.includes('deleteMembership')
}
