import { type AuthorizationEngine, compileModel, limits, type ModelDefinition } from '@bailiwick/core'
import type { EnginePlace } from '../doors/engine-places.js'
import { answer } from './answer.js'
import { apply, heldAssignment, heldExclusion } from './apply.js'
import { ask } from './ask.js'
import { askList } from './ask-lists.js'
import type { Command } from './command.js'
import { compareState } from './compare-state.js'
import { Disagreement } from './disagreement.js'
import { type Facts, factsOf, withModel } from './facts.js'
import { type Outcome, perform } from './perform.js'
import { changedModel } from './random/changed-model.js'
import { possibleOrganizations } from './random/names.js'
import type { Random } from './random/random.js'
import { commandsOf, randomCommand } from './random/random-command.js'
import { randomList } from './random/random-list.js'
import { type Richness, randomModel } from './random/random-model.js'
import { randomQuestion } from './random/random-question.js'
import { refusals } from './refusals.js'
import type { Tally } from './tally.js'

const commandsBeforeQuestions = 320
const commandsPerRound = 8
const rounds = 12
const questionsAfterwards = 50
/** One question in so many is a list, of which each costs the oracle as much as twenty checks and more. */
const listOneIn = 25

/** One random world, from its first organization on, lived by an engine and by the oracle side by side. */
export class Life {
  /** The commands just played, oldest first. */
  readonly latest: Command[] = []
  #definition: ModelDefinition
  #facts: Facts
  #engine: AuthorizationEngine | undefined

  constructor(
    readonly random: Random,
    readonly place: EnginePlace,
    readonly tally: Tally,
    readonly commandsAtOnce: number,
    readonly richness: Richness,
  ) {
    this.#definition = randomModel(random, richness)
    this.#facts = factsOf(this.#definition)
  }

  get facts(): Facts {
    return this.#facts
  }

  get definition(): ModelDefinition {
    return this.#definition
  }

  /** Make organizations and let them grow. @throws {Disagreement} */
  async grow(): Promise<AuthorizationEngine> {
    const engine = await this.#open()
    this.tally.began(this.richness)
    const organizations = possibleOrganizations().slice(0, 3)
    for (const id of organizations) await this.#perform(engine, [{ do: 'createOrganization', id }])
    await this.#commands(engine, commandsBeforeQuestions)
    return engine
  }

  /** @throws {Disagreement} */
  async live(questions: number): Promise<void> {
    let engine = await this.grow()
    for (let round = 0; round < rounds; round++) {
      await this.#commands(engine, commandsPerRound)
      await this.#questions(engine, Math.ceil(questions / rounds))
      if (round % 3 === 0) await compareState(this.#facts, engine)
      // What was applied step by step must be what is built from the store.
      if (round % 4 === 1) engine = await this.#open()
      if (round === 7) {
        this.#definition = changedModel(this.random, this.#definition, this.#facts)
        this.#facts = withModel(this.#facts, this.#definition)
        engine = await this.#open()
      }
    }
    // An organization goes, with all that is in it, and the others are as they were.
    const [gone] = this.#facts.organizations
    if (gone !== undefined) await this.#perform(engine, [{ do: 'deleteOrganization', id: gone.id }])
    await this.#questions(engine, questionsAfterwards)
    await compareState(this.#facts, engine)
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
      const command = randomCommand(this.random, this.#facts, commandsOf(this.richness))
      if (group.some((other) => isRace(command, other))) break
      group.push(command)
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
    this.tally.commanded(command.do, outcome.kind === 'refused' ? outcome.code : undefined)
    if (outcome.kind === 'refused') return
    this.#expectNothingTwice(command, outcome)
    this.#facts = apply(this.#facts, command, outcome.made)
  }

  #expectNothingTwice(command: Command, { made }: Extract<Outcome, { kind: 'done' }>): void {
    const [held, id] =
      command.do === 'assignRole'
        ? [heldAssignment(this.#facts, command.organizationId, command.subject, command), made.assignment]
        : command.do === 'createExclusion'
          ? [heldExclusion(this.#facts, command), made.exclusion]
          : []
    if (held !== undefined && held.id !== id)
      throw new Disagreement('giving the same twice made a second one', { command, held })
  }

  async #questions(engine: AuthorizationEngine, count: number): Promise<void> {
    const lists = Math.floor(count / listOneIn)
    for (let list = 0; list < lists; list++) {
      const asked = randomList(this.random, this.#facts)
      this.tally.listed(asked.list, await askList(engine, this.#facts, asked))
    }
    for (let left = count - lists; left > 0; left -= limits.checksPerBatch) {
      const batch = Array.from({ length: Math.min(left, limits.checksPerBatch) }, () => {
        const question = randomQuestion(this.random, this.#facts)
        return { question, right: answer(this.#facts, question) }
      })
      for (const { right } of batch) this.tally.answered(right)
      await ask(engine, this.#facts, batch)
    }
  }
}

/** What goes alone: it takes or gives many things at once, or is followed by questions of its own. */
const alone: readonly Command['do'][] = ['createOrganization', 'deleteOrganization', 'replaceAssignments']

/**
 * Membership ids are unique everywhere, and organizations do not wait for each other: which of two gets an id
 * that both want, or that one of them gives up, is nobody's to say.
 */
function isRace(one: Command, other: Command): boolean {
  if (one.do === 'createMembership' && other.do === 'createMembership') return one.id === other.id
  const kinds = [one.do, other.do]
  if (kinds.some((kind) => alone.includes(kind))) return true
  return kinds.includes('createMembership') && kinds.includes('deleteMembership')
}
