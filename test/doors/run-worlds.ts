import type { ModelDefinition } from '@bailiwick/core'
import { describe, expect, test } from 'vitest'
import { readWorlds } from '../worlds/read-world.js'
import type { Step, World } from '../worlds/world.js'
import type { Door, Place, Room } from './door.js'

/** The suite of a door: each world is a test, named by its idea. */
export function runWorlds(door: Door): void {
  describe(`through ${door.name}`, () => {
    for (const world of readWorlds()) {
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
