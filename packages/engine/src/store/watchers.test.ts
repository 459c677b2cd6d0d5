import type { OrganizationId } from '@bailiwick/core'
import { describe, expect, test, vi } from 'vitest'
import { Watchers } from './watchers.js'

const acme = 'org_acme' as OrganizationId

describe('watchers', () => {
  test('a listener that throws is heard of as an uncaught error, and silences nobody', () => {
    const deferred = vi.spyOn(globalThis, 'queueMicrotask').mockImplementation(() => {})
    const watchers = new Watchers()
    const calm = vi.fn()
    watchers.add(() => {
      throw new Error('mine')
    })
    watchers.add(calm)
    watchers.tell(acme, 4, 6)
    expect(calm.mock.calls).toEqual([
      [acme, 5],
      [acme, 6],
    ])
    expect(deferred).toHaveBeenCalledTimes(2)
    expect(() => deferred.mock.calls[0]?.[0]()).toThrow('mine')
    deferred.mockRestore()
  })
})
