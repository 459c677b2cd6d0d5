import type { ModelDefinition } from '@bailiwick/core'
import type { Outcome } from '../oracle/perform.js'
import type { Expected, ExpectedList, World, WorldCommand } from '../worlds/world.js'

/** A way to ask, as a user of the product has it. Every world runs through each. */
export interface Door {
  readonly name: string
  /** Why this door cannot make a check, if it cannot. Absent: it makes all. */
  readonly whyNoCheck?: (expected: Expected, model: ModelDefinition) => string | undefined
  /** Why it cannot ask for a list. Absent: it can. */
  readonly whyNoList?: () => string
  /** A new and empty place for this world. */
  open(world: World): Place | Promise<Place>
}

/** What lies behind a door, and outlives the closing of it. */
export interface Place {
  /** @returns The refusal's code when the model does not fit what is there. */
  enter(model: ModelDefinition): Promise<Room | { readonly refused: string }>
  /** After the last room is left. */
  discard(): void | Promise<void>
}

export interface Room {
  perform(command: WorldCommand): Promise<Outcome>
  /** Ask, in every way that this door knows, and fail unless the answers are the expected ones. */
  ask(expected: Expected): Promise<void>
  /** Ask for a list, and fail unless it is the expected one. */
  list(expected: ExpectedList): Promise<void>
  leave(): Promise<void>
}
