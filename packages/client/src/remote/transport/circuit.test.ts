import { beforeEach, describe, expect, test } from 'vitest'
import { Circuit } from './circuit.js'

describe('the circuit', () => {
  let now: number
  let circuit: Circuit

  beforeEach(() => {
    now = 50_000
    circuit = new Circuit(() => now)
  })

  function calls(count: number, how: 'succeeded' | 'failed'): void {
    for (let call = 0; call < count; call++) circuit[how](circuit.pass())
  }

  test('opens at half of twenty calls', () => {
    calls(10, 'succeeded')
    calls(9, 'failed')
    expect(circuit.pass()).toBe('call')
    calls(1, 'failed')
    expect(() => circuit.pass()).toThrow(expect.objectContaining({ code: 'remote_circuit_open' }))
  })

  test('stays closed while more than half succeed', () => {
    calls(11, 'succeeded')
    calls(10, 'failed')
    expect(circuit.pass()).toBe('call')
  })

  test('forgets what is older than ten seconds', () => {
    calls(19, 'failed')
    now += 11_000
    calls(1, 'failed')
    expect(circuit.pass()).toBe('call')
  })

  test('says how long it will stay open', () => {
    calls(20, 'failed')
    now += 250
    expect(() => circuit.pass()).toThrow(expect.objectContaining({ retryAfterSec: 0.75 }))
  })

  describe('a second after it has opened', () => {
    beforeEach(() => {
      calls(20, 'failed')
      now += 1_000
    })

    test('lets one call through, and no other meanwhile', () => {
      expect(circuit.pass()).toBe('probe')
      expect(() => circuit.pass()).toThrow()
    })

    test('closes when that one succeeds', () => {
      circuit.succeeded(circuit.pass())
      expect(circuit.pass()).toBe('call')
    })

    test('stays open for another second when it fails', () => {
      circuit.failed(circuit.pass())
      now += 999
      expect(() => circuit.pass()).toThrow()
      now += 1
      expect(circuit.pass()).toBe('probe')
    })

    test('lets another one through when nothing came of the first', () => {
      circuit.abandoned(circuit.pass())
      expect(circuit.pass()).toBe('probe')
    })

    test('is not closed by a call from before that comes home late', () => {
      circuit.succeeded('call')
      expect(circuit.pass()).toBe('probe')
    })
  })
})
