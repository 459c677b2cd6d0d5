import { describe, expect, test } from 'vitest'
import { Gate } from './gate.js'

/** Work that is begun when it is its turn, and ends when it is told to. */
function work() {
  let hasBegun = false
  let end = () => {}
  const ended = new Promise<void>((resolve) => {
    end = resolve
  })
  const run = () => {
    hasBegun = true
    return ended
  }
  return { run, end, begun: () => hasBegun }
}

const turns = () => new Promise(setImmediate)

describe('a gate', () => {
  test('lets many pass together', async () => {
    const gate = new Gate()
    const [one, other] = [work(), work()]
    void gate.pass(one.run)
    void gate.pass(other.run)
    await turns()
    expect([one.begun(), other.begun()]).toEqual([true, true])
  })

  test.each([1, 2])('makes who wants to be alone wait for all who are inside: %i', async (count) => {
    const gate = new Gate()
    const inside = Array.from({ length: count }, work)
    for (const each of inside) void gate.pass(each.run)
    const alone = work()
    void gate.alone(alone.run)
    for (const each of inside) {
      await turns()
      expect(alone.begun()).toBe(false)
      each.end()
    }
    await turns()
    expect(alone.begun()).toBe(true)
  })

  test('lets nobody in beside who is alone, and everybody after, also when that failed', async () => {
    const gate = new Gate()
    const [alone, passing, second] = [work(), work(), work()]
    const failing = gate.alone(async () => {
      await alone.run()
      throw new Error('failed')
    })
    void gate.pass(passing.run)
    void gate.alone(second.run)
    await turns()
    expect([passing.begun(), second.begun()]).toEqual([false, false])
    alone.end()
    await expect(failing).rejects.toThrow('failed')
    await turns()
    passing.end()
    await turns()
    expect([passing.begun(), second.begun()]).toEqual([true, true])
    second.end()
  })
})
