import { describe } from 'vitest'
import { sqlitePlace } from '../doors/engine-places.js'
import { expectAgreement } from './expect-agreement.js'

describe('over an SQLite file', () => {
  expectAgreement({ place: sqlitePlace, worlds: 12, questionsPerWorld: 20_000, commandsAtOnce: 10 })
})
