import {
  type AuthorizationEngine,
  compileModel,
  type Explanation,
  isAuthorizationError,
  type ModelDefinition,
  type OrganizationId,
  type SubjectKey,
} from '@bailiwick/core'
import { expect } from 'vitest'
import type { Outcome } from '../oracle/perform.js'
import { showResource } from '../worlds/names.js'
import type { Expected, ExpectedList, WorldCommand } from '../worlds/world.js'
import type { Door, Room } from './door.js'
import type { EnginePlace } from './engine-places.js'
import { expectAnswer, formsOf, inWords } from './expect-answer.js'
import { GroupIds } from './group-ids.js'
import { TellingEngine } from './telling-engine.js'

/** The engine in this process: asked one by one, together, and why. */
export function engineDoor(name: string, newPlace: () => EnginePlace): Door {
  return {
    name,
    open() {
      const place = newPlace()
      const groups = new GroupIds()
      return {
        enter: (model) => enterWith(model, place, (engine) => new EngineRoom(engine, groups)),
        discard: () => place.discard(),
      }
    },
  }
}

/** Open the engine of a place and build a room around it; a model that does not fit is a refusal. */
export async function enterWith(
  definition: ModelDefinition,
  place: EnginePlace,
  build: (engine: AuthorizationEngine) => Room | Promise<Room>,
): Promise<Room | { readonly refused: string }> {
  let engine: AuthorizationEngine
  try {
    engine = await place.open(compileModel(definition))
  } catch (error) {
    if (isAuthorizationError(error) && error.kind === 'conflict') return { refused: error.code }
    throw error
  }
  return build(engine)
}

class EngineRoom implements Room {
  readonly #told: TellingEngine

  constructor(
    readonly engine: AuthorizationEngine,
    groups: GroupIds,
  ) {
    this.#told = new TellingEngine(engine, groups)
  }

  perform(command: WorldCommand): Promise<Outcome> {
    return this.#told.perform(command)
  }

  async ask(told: Expected): Promise<void> {
    const { resource, sentence } = told
    const expected = this.#told.groups.inPlace(told)
    const found = resource && (await this.engine.findResource(resource.organizationId, resource))
    const questions = formsOf(expected, found?.id)
    const together = await this.engine.checkMany(questions)
    for (const [index, question] of questions.entries()) {
      const explanation = await this.engine.explain(question)
      const names = await this.#names(expected.organizationId, explanation)
      // Sentences name the subject as the question does; a world writes them once.
      const wanted = index === 0 ? expected : { ...expected, sentences: undefined }
      expectAnswer(
        wanted,
        inWords(explanation, expected, (key) => names.get(key.id) ?? this.#shortName(key)),
      )
      const alone = await this.engine.check(question)
      expect(alone, sentence).toEqual(together[index])
      expect(alone.kind, sentence).toBe(expected.answer.kind)
    }
  }

  async list(told: ExpectedList): Promise<void> {
    const expected = this.#told.groups.inPlace(told)
    expect([...(await this.#items(expected))].sort(), expected.sentence).toEqual(expected.items)
  }

  leave(): Promise<void> {
    return this.engine.close()
  }

  async #items(expected: ExpectedList): Promise<readonly string[]> {
    const page = { limit: 100 }
    switch (expected.list) {
      case 'resources':
        return (await this.engine.listResources(expected.question, page)).items.map(showResource)
      case 'permissions':
        return this.engine.effectivePermissions(expected.question)
      case 'subjects': {
        const { organizationId } = expected.question
        const { items } = await this.engine.listSubjects(expected.question, page)
        return Promise.all(items.map((key) => this.#name(organizationId, key)))
      }
    }
  }

  /** The names of agents that are denied something, or hold a single permission. */
  async #names(
    organizationId: OrganizationId,
    { decision }: Explanation,
  ): Promise<ReadonlyMap<string, string>> {
    const grants =
      decision.kind === 'allow'
        ? [...decision.grants, ...(decision.delegations ?? []).flatMap((each) => each.grants)]
        : []
    const hits = decision.kind === 'deny' ? (decision.exclusions ?? []) : []
    const holders = [...grants, ...hits].flatMap((each) => ('holder' in each ? [each.holder] : []))
    return new Map(
      await Promise.all(holders.map(async (key) => [key.id, await this.#name(organizationId, key)] as const)),
    )
  }

  #shortName({ kind, id }: SubjectKey): string {
    if (kind === 'group') return this.#told.groups.nameOf(id)
    return kind === 'membership' ? id.split('_').slice(2).join('_') : id
  }

  async #name(organizationId: OrganizationId, key: SubjectKey): Promise<string> {
    if (key.kind !== 'agent') return this.#shortName(key)
    const agent = await this.engine.findResource(organizationId, { resourceId: key.id })
    return agent === undefined ? key.id : showResource(agent)
  }
}
