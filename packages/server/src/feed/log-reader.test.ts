import type { ChangeSource, LogEntry } from '@bailiwick/core'
import { expect, test } from 'vitest'
import { LogReader } from './log-reader.js'

/** A log that is slow to read: what stands in it when a reading begins comes when that is let go. */
function slowLog() {
  let now = 0
  const entries: LogEntry[] = []
  const reading: (() => void)[] = []
  const changes: Pick<ChangeSource, 'id' | 'log'> = {
    id: 'one',
    log: ({ after, limit }) => {
      const page = entries.slice(after, after + limit)
      return new Promise((resolve) => {
        reading.push(() => resolve(page))
      })
    },
  }
  return {
    reader: new LogReader(changes as ChangeSource, () => now),
    commit: () => {
      const position = entries.length + 1
      entries.push({ position, commit: { shard: 'environment', revision: position, at: '', changes: [] } })
    },
    sleep: (ms: number) => {
      now += ms
    },
    letGo: () => {
      for (const go of reading.splice(0)) go()
    },
    readings: () => reading.length,
  }
}

test('a reading is as old as its beginning, however long it takes', async () => {
  const { reader, sleep, letGo } = slowLog()
  sleep(100)
  const batch = reader.after(0)
  sleep(5_000)
  letGo()
  expect((await batch).readAt).toBe(100)
})

test('those who have come equally far share one reading, and those who have not do not', async () => {
  const { reader, commit, letGo, readings } = slowLog()
  commit()
  const batches = [reader.after(0), reader.after(0), reader.after(1)]
  expect(readings()).toBe(2)
  letGo()
  const read = await Promise.all(batches)
  expect(read.map(({ commits }) => commits.map(({ position }) => position))).toEqual([[1], [1], []])
})

test('who hears of a commit is never given a reading that began before it', async () => {
  const { reader, commit, letGo } = slowLog()
  const before = reader.after(0)
  commit()
  reader.renew()
  const after = reader.after(0)
  letGo()
  expect((await before).commits).toEqual([])
  expect((await after).commits).toHaveLength(1)
})
