import {
  type AuthorizationEngine,
  compileModel,
  type Explanation,
  isAuthorizationError,
  type ModelDefinition,
  type ResourceAddress,
} from '@bailiwick/core'
import { expect } from 'vitest'
import type { Outcome } from '../oracle/perform.js'
import { showResource } from '../worlds/names.js'
import type { Expected, WorldCommand } from '../worlds/world.js'
import type { Door, Room } from './door.js'
import type { EnginePlace } from './engine-places.js'
import { type Answered, expectAnswer, formsOf } from './expect-answer.js'
import { performTold } from './perform-told.js'

/** The engine in this process: asked one by one, together, and why. */
export function engineDoor(name: string, newPlace: () => EnginePlace): Door {
  return {
    name,
    open() {
      const place = newPlace()
      return {
        enter: (model) => enterWith(model, place, (engine) => new EngineRoom(engine)),
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
  constructor(readonly engine: AuthorizationEngine) {}

  perform(command: WorldCommand): Promise<Outcome> {
    return performTold(this.engine, command)
  }

  async ask(expected: Expected): Promise<void> {
    const { resource, sentence } = expected
    const found = resource && (await this.engine.findResource(resource.organizationId, resource))
    const questions = formsOf(expected, found?.id)
    const together = await this.engine.checkMany(questions)
    for (const [index, question] of questions.entries()) {
      const explanation = await this.engine.explain(question)
      expectAnswer(expected, inWords(explanation))
      const alone = await this.engine.check(question)
      expect(alone, sentence).toEqual(together[index])
      expect(alone.kind, sentence).toBe(expected.answer.kind)
    }
  }

  leave(): Promise<void> {
    return this.engine.close()
  }
}

function inWords({ decision, path }: Explanation): Answered {
  return {
    answer:
      decision.kind === 'deny'
        ? { kind: 'deny', reason: decision.reason }
        : {
            kind: 'allow',
            grants: decision.grants.map((grant) =>
              grant.from === 'assignment'
                ? at(grant.role, grant.on)
                : grant.from === 'membership'
                  ? grant.role
                  : grant.from,
            ),
          },
    nearest: decision.kind === 'deny' ? decision.nearestMisses.map(({ role, on }) => at(role, on)) : [],
    path: path.map(showResource),
  }
}

function at(role: string, on: ResourceAddress): string {
  return `${role} on ${showResource(on)}`
}
