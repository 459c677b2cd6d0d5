import { describe } from 'vitest'
import { expectAgreement } from '../oracle/expect-agreement.js'
import { remotePlace } from './remote-place.js'

describe('over HTTP, through a remote engine and a server', () => {
  // One after the other: requests that are sent together arrive in any order.
  expectAgreement({ place: remotePlace, worlds: 6, questionsPerWorld: 1_300, commandsAtOnce: 1 })
})
