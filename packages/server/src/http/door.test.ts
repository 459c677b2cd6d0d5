import { expect, test } from 'vitest'
import { noKeys } from '../keys/configured-key.js'
import { Admission } from '../limits/admission.js'
import { openDoor } from './door.js'
import type { Exchange } from './exchange.js'

const health = { method: 'GET', path: '/health', scope: 'public' } as const

test('whoever came in leaves once, however often it is said, and nobody else does', () => {
  const admission = new Admission({}, () => 0)
  const door = openDoor({ keys: noKeys, admission, limit: undefined })
  const [one, other, probe] = [{}, {}, {}] as [Exchange, Exchange, Exchange]
  for (const exchange of [one, other]) door.enter(exchange, { ...health, kind: 'request' })
  door.enter(probe, { ...health, kind: 'probe' })
  expect(admission.inFlight).toBe(2)
  for (const exchange of [one, one, probe]) door.leave(exchange)
  expect(admission.inFlight).toBe(1)
})
