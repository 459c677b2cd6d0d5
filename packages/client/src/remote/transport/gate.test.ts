import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { Gate } from './gate.js'
import { Waiting } from './waiting.js'

describe('the gate', () => {
  const open: Waiting[] = []
  let gate: Gate

  beforeEach(() => {
    gate = new Gate(2, 1)
  })
  afterEach(() => {
    for (const waiting of open.splice(0)) waiting.done()
  })

  function patient(signal?: AbortSignal): Waiting {
    const waiting = new Waiting(60_000, () => new Error('late'), { clock: () => 0, signal })
    open.push(waiting)
    return waiting
  }

  test('lets in as many as there is room for, without a wait', () => {
    expect(gate.enter(patient())).toBeUndefined()
    expect(gate.enter(patient())).toBeUndefined()
    expect(gate.enter(patient())).toBeInstanceOf(Promise)
  })

  test('lets in who waits when somebody leaves', async () => {
    gate.enter(patient())
    gate.enter(patient())
    const waits = gate.enter(patient())
    gate.leave()
    await waits
    gate.leave()
    gate.leave()
    expect(gate.enter(patient())).toBeUndefined()
  })

  test('turns away who comes when the queue is full', () => {
    for (let each = 0; each < 3; each++) void gate.enter(patient())
    expect(() => gate.enter(patient())).toThrow(expect.objectContaining({ code: 'remote_overloaded' }))
  })

  test('keeps no place for who has given up', async () => {
    gate.enter(patient())
    gate.enter(patient())
    const impatience = new AbortController()
    const gone = gate.enter(patient(impatience.signal))
    impatience.abort(new Error('no longer'))
    await expect(gone).rejects.toThrow('no longer')
    const next = gate.enter(patient())
    gate.leave()
    await next
  })
})
