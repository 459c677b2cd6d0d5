import type { ModelDefinition } from '@bailiwick/core'
import { describe, expect, test } from 'vitest'
import { readWorlds } from '../worlds/read-world.js'
import type { Step, World } from '../worlds/world.js'
import type { Door, Place, Room } from './door.js'

/** The suite of a door: each world is a test, named by its idea. What a door cannot be asked is a test as well. */
export function runWorlds(door: Door, all: readonly World[] = readWorlds()): void {
  describe(`through ${door.name}`, () => {
    const worlds = all.map((world) => fitted(world, door))
    const left = worlds.flatMap(({ leftOut }) => leftOut)
    if (left.length > 0) {
      test(`${left.length} questions are left to other doors: ${[...new Set(left)].join('; ')}`, () => {
        expect(worlds.filter(({ asked }) => asked === 0).map(({ world }) => world.name)).toEqual([])
      })
    }
    for (const { world } of worlds) {
      test(`${world.idea} (${world.name})`, async () => {
        const place = await door.open(world)
        try {
          await live(world, place)
        } finally {
          await place.discard()
        }
      })
    }
  })
}

interface Fitted {
  readonly world: World
  readonly asked: number
  /** Why, for each question that is left out. */
  readonly leftOut: readonly string[]
}

/** A world with the questions that a door can be asked. */
function fitted(world: World, { whyNoCheck, whyNoList }: Door): Fitted {
  const leftOut: string[] = []
  const isAsked = (why: string | undefined) => {
    if (why !== undefined) leftOut.push(why)
    return why === undefined
  }
  const steps = world.steps.map((step) => ({
    ...step,
    checks: step.checks.filter((expected) => isAsked(whyNoCheck?.(expected, world.model))),
    lists: step.lists.filter(() => isAsked(whyNoList?.())),
  }))
  const asked = steps.flatMap(({ checks, lists }) => [...checks, ...lists]).length
  return { world: { ...world, steps }, asked, leftOut }
}

async function live(world: World, place: Place): Promise<void> {
  let model = world.model
  let room = await enter(place, model)
  try {
    for (const step of world.steps) {
      if (step.model !== undefined) {
        await room.leave()
        const refused = await refusalOf(place, step.model)
        expect(refused, 'the changed model').toBe(step.refused)
        if (refused === undefined) model = step.model
        room = await enter(place, model)
      }
      await tell(step, room)
      for (const expected of step.checks) await room.ask(expected)
      for (const expected of step.lists) await room.list(expected)
    }
  } finally {
    await room.leave()
  }
}

async function enter(place: Place, model: ModelDefinition): Promise<Room> {
  const room = await place.enter(model)
  if ('refused' in room) throw new Error(`the model is refused: ${room.refused}`)
  return room
}

async function refusalOf(place: Place, model: ModelDefinition): Promise<string | undefined> {
  const room = await place.enter(model)
  if ('refused' in room) return room.refused
  await room.leave()
  return undefined
}

async function tell({ commands, refused, model }: Step, room: Room): Promise<void> {
  for (const { sentence, command } of commands) {
    const outcome = await room.perform(command)
    const code = outcome.kind === 'refused' ? outcome.code : undefined
    expect(code, sentence).toBe(model === undefined ? refused : undefined)
  }
}
