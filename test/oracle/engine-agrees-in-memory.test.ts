import { describe } from 'vitest'
import { memoryPlace, sharedMemoryPlace } from '../doors/engine-places.js'
import { expectAgreement } from './expect-agreement.js'

describe('over a memory store', () => {
  expectAgreement({ place: memoryPlace, worlds: 44, questionsPerWorld: 14_000, commandsAtOnce: 10 })
})

describe('over two engines in turn on one store', () => {
  expectAgreement({ place: sharedMemoryPlace, worlds: 12, questionsPerWorld: 12_000, commandsAtOnce: 1 })
})
