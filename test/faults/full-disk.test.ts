import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, statfsSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sqlite } from '@bailiwick/engine/sqlite'
import { describe, expect, onTestFinished, test } from 'vitest'
import { startWriter } from './start-writer.js'
import { commitNumber, membersAfter, shards } from './workload.js'

const [acme, globex] = shards

describe('a disk that fails', () => {
  test.skipIf(!mayMount())(
    'when it is full nothing is half written, reads go on, and room heals it',
    async () => {
      const directory = smallDisk()
      const path = join(directory, 'authz.db')
      const store = await sqlite(path)()
      onTestFinished(() => store.close())
      await store.append(acme, 0, [commitNumber(acme, 1)])

      fill(directory)
      // The log has some room left.
      let last = 1
      while (await isStored(store.append(acme, last, [commitNumber(acme, last + 1)]))) last++
      const rejected = await Promise.allSettled([
        ...Array.from({ length: 50 }, (_, n) =>
          store.append(acme, last + n, [commitNumber(acme, last + n + 1)]),
        ),
        store.append(globex, 0, [commitNumber(globex, 1)]),
      ])
      for (const outcome of rejected) {
        expect(outcome).toMatchObject({
          status: 'rejected',
          reason: { name: 'StoreUnavailable', message: expect.stringContaining('no room') },
        })
      }
      expect(await store.revision(acme)).toBe(last)
      expect(await store.commitsSince(acme, 0)).toHaveLength(last)
      expect([...((await store.load(acme))?.entities ?? [])]).toHaveLength(membersAfter(acme, last).length)
      expect(await store.scan('membership', { limit: 1 })).toHaveLength(1)
      expect(await store.load(globex)).toBeUndefined()

      rmSync(join(directory, 'filler'))
      const next = [commitNumber(acme, last + 1)] as const
      expect(await store.append(acme, last, next)).toEqual({ kind: 'appended', revision: last + 1 })
      await store.close()
      const reopened = await sqlite(path)()
      onTestFinished(() => reopened.close())
      const entities = [...((await reopened.load(acme))?.entities ?? [])].map(({ entity }) => entity)
      expect(entities).toEqual(membersAfter(acme, last + 1))
    },
  )

  test.skipIf(!mayMount())('when it is read-only the store does not open, and says so', async () => {
    const directory = smallDisk()
    await (await sqlite(join(directory, 'authz.db'))()).close()
    const readOnly = readOnlyViewOf(directory)
    for (const name of ['authz.db', 'new.db']) {
      await expect(sqlite(join(readOnly, name))()).rejects.toMatchObject({
        name: 'StoreUnavailable',
        message: expect.stringMatching(new RegExp(`${name}.*read-?only`)),
      })
    }
    await (await sqlite(join(directory, 'authz.db'))()).close()
  })

  test('when it is full there is no store, and none half made', async () => {
    // A limit on the size of files stands for a full disk where no disk may be mounted.
    const path = storePath()
    const lines = await startWriter('until-failure', path, 'ulimit -f 16; exec "$@" 2>/dev/null').rest()
    expect(lines).toEqual(['opening'])
    const store = await sqlite(path)()
    expect(await store.append(acme, 0, [commitNumber(acme, 1)])).toMatchObject({ kind: 'appended' })
    await store.close()
  })

  test('when a write fails it rejects, what was acknowledged is read, and is there afterwards', async () => {
    const path = storePath()
    const lines = await startWriter('until-failure', path, 'ulimit -f 800; exec "$@"').rest()
    const acknowledged = lines.findLast((line) => line.startsWith('acknowledged'))?.split(' ')[2]
    expect(Number(acknowledged)).toBeGreaterThan(10)
    expect(lines.slice(-2)).toEqual(['failed StoreUnavailable store_unavailable', `read ${acknowledged}`])

    const store = await sqlite(path)()
    const revision = await store.revision(acme)
    expect(revision).toBe(Number(acknowledged))
    const entities = [...((await store.load(acme))?.entities ?? [])].map(({ entity }) => entity)
    expect(entities).toEqual(membersAfter(acme, revision))
    const next = [commitNumber(acme, revision + 1)] as const
    expect(await store.append(acme, revision, next)).toMatchObject({ kind: 'appended' })
    await store.close()
  })
})

function isStored(append: Promise<unknown>): Promise<boolean> {
  return append.then(
    () => true,
    () => false,
  )
}

function mayMount(): boolean {
  return process.platform === 'linux' && process.getuid?.() === 0 && tryMount()
}

/** A container's root may not mount. */
function tryMount(): boolean {
  const directory = mkdtempSync(join(tmpdir(), 'bailiwick-disk-'))
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', directory], { stdio: 'ignore' })
    execFileSync('umount', [directory])
    return true
  } catch {
    return false
  } finally {
    rmSync(directory, { recursive: true })
  }
}

function smallDisk(): string {
  const directory = mkdtempSync(join(tmpdir(), 'bailiwick-disk-'))
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=2m', 'tmpfs', directory])
  onTestFinished(() => {
    execFileSync('umount', ['-l', directory])
    rmSync(directory, { recursive: true })
  })
  return directory
}

function readOnlyViewOf(directory: string): string {
  const view = mkdtempSync(join(tmpdir(), 'bailiwick-disk-'))
  execFileSync('mount', ['--bind', directory, view])
  execFileSync('mount', ['-o', 'remount,bind,ro', view])
  onTestFinished(() => {
    execFileSync('umount', ['-l', view])
    rmSync(view, { recursive: true })
  })
  return view
}

function fill(directory: string): void {
  const { bavail, bsize } = statfsSync(directory)
  writeFileSync(join(directory, 'filler'), Buffer.alloc(bavail * bsize))
}

function storePath(): string {
  const directory = mkdtempSync(join(tmpdir(), 'bailiwick-faults-'))
  onTestFinished(() => rmSync(directory, { recursive: true }))
  return join(directory, 'authz.db')
}
