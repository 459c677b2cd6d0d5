import { describe, expect, test } from 'vitest'
import { Admission } from './admission.js'
import { rateLimiter } from './rate-limit.js'

describe('a rate limit', () => {
  const start = 1_000_000

  test('lets a burst pass, then as many as come back with time', () => {
    let now = start
    const limit = rateLimiter({ perSecond: 10, burst: 3 }, () => now)
    for (let i = 0; i < 3; i++) limit.enter('key_1')
    expect(() => limit.enter('key_1')).toThrow(
      expect.objectContaining({ code: 'rate_limited', retryAfterSec: 1 }),
    )
    now += 100
    limit.enter('key_1')
    expect(() => limit.enter('key_1')).toThrow('more often')
  })

  test('is for each key alone', () => {
    const limit = rateLimiter({ perSecond: 1, burst: 1 }, () => start)
    limit.enter('key_1')
    limit.enter('key_2')
    expect(() => limit.enter('key_2')).toThrow('more often')
  })

  test('never saves more than a burst', () => {
    let now = start
    const limit = rateLimiter({ perSecond: 1, burst: 2 }, () => now)
    limit.enter('key_1')
    now += 3_600_000
    limit.enter('key_1')
    limit.enter('key_1')
    expect(() => limit.enter('key_1')).toThrow('more often')
  })

  test('gives nothing for a clock that is set back, and takes nothing', () => {
    let now = start
    const limit = rateLimiter({ perSecond: 1, burst: 1 }, () => now)
    limit.enter('key_1')
    now -= 1_800_000
    expect(() => limit.enter('key_1')).toThrow('more often')
    now += 1_000
    limit.enter('key_1')
    expect(() => limit.enter('key_1')).toThrow('more often')
  })

  test('lets a request pass that counts as many, and makes those after it wait', () => {
    let now = start
    const limit = rateLimiter({ perSecond: 10, burst: 3 }, () => now)
    limit.enter('key_1')
    limit.charge('key_1', 99)
    expect(() => limit.enter('key_1')).toThrow(expect.objectContaining({ retryAfterSec: 10 }))
    limit.enter('key_2')
    now += 9_700
    expect(() => limit.enter('key_1')).toThrow('more often')
    now += 100
    limit.enter('key_1')
  })

  test('says how long to wait', () => {
    const limit = rateLimiter({ perSecond: 0.1, burst: 1 }, () => start)
    limit.enter('key_1')
    expect(() => limit.enter('key_1')).toThrow(expect.objectContaining({ retryAfterSec: 10 }))
  })
})

describe('admission', () => {
  test('turns away whoever comes when as many are in as may be, and lets in again when one leaves', () => {
    const admission = new Admission({ maxInFlight: 2 }, () => 0)
    admission.enter()
    admission.enter()
    expect(() => admission.enter()).toThrow(expect.objectContaining({ code: 'overloaded' }))
    admission.leave()
    admission.enter()
    expect(admission.inFlight).toBe(2)
  })

  test('turns away while the event loop is late', () => {
    let delayMs = 501
    const admission = new Admission({}, () => delayMs)
    expect(() => admission.enter()).toThrow('too much to do')
    delayMs = 500
    admission.enter()
    expect(admission.inFlight).toBe(1)
  })
})
