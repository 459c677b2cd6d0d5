import { createHash } from 'node:crypto'
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { gunzipSync, gzipSync } from 'node:zlib'
import type { UserId } from '@bailiwick/core'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import type { EmbeddedEngine } from '../embedded-engine.js'
import { acme, ann, assign, bob, create, may, openAcme, project, workspace } from '../fixtures/acme.js'
import { openEngine } from '../open-engine.js'
import { sqlite } from '../sqlite/sqlite.js'
import { memoryStore } from '../store/memory-store.js'
import type { LogPage, StoreOpener } from '../store/store.js'
import {
  backupText,
  openBackup,
  readBackupFile,
  restoreBackup,
  verifyStore,
  writeBackupFile,
} from './index.js'

const stores: Readonly<Record<string, () => StoreOpener>> = {
  'in memory': () => memoryStore(),
  'of one process': () => memoryStore({ access: 'exclusive' }),
  'of SQLite': () => sqlite(join(directory(), 'authz.db')),
}

describe.each(Object.entries(stores))('a backup restored into a store %s', (_, newStore) => {
  test('decides as the first one did, and holds its log, its users and its notes', async () => {
    const first = await openAcme()
    await assign(first, ann, 'project-editor', project('web'))
    await first.createUser({ id: 'user_ann' as UserId, email: 'ann@acme.example' })
    await first.notebook.write('api_keys', 'hash', 'a key')
    await first.notebook.write('sessions', 'one', 'a session', { expiresAt: Date.now() + 60_000 })

    const opener = newStore()
    await restoreInto(opener, await textOf(first))
    const second = await openEngine({ store: opener })
    expect(await may(second, ann, 'project:edit', project('web'))).toBe('allow')
    expect(await may(second, bob, 'project:edit', project('web'))).not.toBe('allow')
    expect(await may(second, ann, 'project:edit', project('site'))).not.toBe('allow')
    expect(await second.log({ after: 0, limit: 1_000 })).toEqual(await first.log({ after: 0, limit: 1_000 }))
    expect(await second.findUser({ email: 'ann@acme.example' })).toMatchObject({ id: 'user_ann' })
    expect(await second.notebook.read('api_keys', 'hash')).toBe('a key')
    expect(await second.notebook.list('sessions')).toEqual(await first.notebook.list('sessions'))
    await second.close()
  })

  test('verifies', async () => {
    const opener = newStore()
    await restoreInto(opener, await textOf(await openAcme()))
    const store = await opener()
    const { faults, ...counts } = await verifyStore(store)
    expect(faults).toEqual([])
    expect(counts).toMatchObject({ commits: await store.lastPosition(), shards: 2 })
    await store.close()
  })

  test('is none when the store holds something else in the end', async () => {
    const opener = newStore()
    const store = await opener()
    const forgetful = new Proxy(store, {
      get(target, name) {
        if (name === 'log')
          return async (page: LogPage) => (await target.log(page)).filter(({ position }) => position !== 3)
        const value = Reflect.get(target, name, target) as unknown
        return typeof value === 'function' ? value.bind(target) : value
      },
    })
    const restoring = restoreInto(async () => forgetful, await textOf(await openAcme()))
    await expect(restoring).rejects.toMatchObject({ code: 'store_damaged' })
    await expect(openEngine({ store: opener })).rejects.toMatchObject({ code: 'store_damaged' })
  })

  test('is one that nothing was in before', async () => {
    const opener = newStore()
    const engine = await openEngine({ store: opener })
    const before = await engine.changes.lastPosition()
    await engine.close()
    await expect(restoreInto(opener, await textOf(await openAcme()))).rejects.toMatchObject({
      code: 'store_not_empty',
    })
    const store = await opener()
    expect(await store.lastPosition()).toBe(before)
    await store.close()
  })

  test('is one that holds no note, either: not a key, say, that a service has made', async () => {
    const opener = newStore()
    const store = await opener()
    await store.notebook(Date.now).write('signing_keys', 'client', 'a key')
    await store.close()
    await expect(restoreInto(opener, await textOf(await openAcme()))).rejects.toMatchObject({
      code: 'store_not_empty',
    })
  })
})

describe('a backup', () => {
  test('is of one moment, whatever is written while it is made', async () => {
    const first = await openAcme()
    const pieces: string[] = []
    let moment = 0
    for await (const piece of textOf(first)) {
      if (moment++ === 0) await create(first, workspace('late'))
      pieces.push(piece)
    }
    const opener = memoryStore()
    await restoreInto(opener, pieces)
    const second = await openEngine({ store: opener })
    expect(await second.findResource(acme, project('web'))).toBeDefined()
    expect(await second.findResource(acme, workspace('late'))).toBeUndefined()
  })

  test('holds every note, however many there are', async () => {
    const first = await openAcme()
    const keys = Array.from({ length: 401 }, (_, n) => `key ${n}`)
    await Promise.all(keys.map((key) => first.notebook.write('api_keys', key, 'a key')))
    const opener = memoryStore()
    await restoreInto(opener, textOf(first))
    const second = await openEngine({ store: opener })
    expect(await second.notebook.list('api_keys')).toEqual(await first.notebook.list('api_keys'))
  })

  test('says no word of notes that the log does not bear out', async () => {
    const first = await openAcme()
    const { changes, notebook } = first
    const lastPosition = async () => {
      await notebook.write('answers', 'late', 'the resource was made')
      return changes.lastPosition()
    }
    const source = { changes: { id: changes.id, lastPosition, log: changes.log.bind(changes) }, notebook }
    const opener = memoryStore()
    await restoreInto(opener, backupText({ ...source, clock: Date.now }))
    const store = await opener()
    expect(await store.notebook(Date.now).read('answers', 'late')).toBeUndefined()
  })

  test('is not made of a log in which a commit is missing', async () => {
    const { changes, notebook } = await openAcme()
    const log: typeof changes.log = async (page) =>
      (await changes.log(page)).filter(({ position }) => position !== 1)
    const lastPosition = () => changes.lastPosition()
    const source = { changes: { id: changes.id, lastPosition, log }, notebook, clock: Date.now }
    await expect(restoreInto(memoryStore(), backupText(source))).rejects.toMatchObject({
      message: expect.stringContaining('there is no whole backup'),
    })
  })

  test('that was cut anywhere is refused, and leaves a store that opens no engine and backs nothing up', async () => {
    const whole = await linesOf(await openAcme())
    for (let kept = 0; kept < whole.length; kept++) {
      const opener = memoryStore()
      const cut = whole.slice(0, kept)
      await expect(restoreInto(opener, cut)).rejects.toMatchObject({ name: 'BackupUnusable' })
      if (kept === 0) continue
      await expect(openEngine({ store: opener })).rejects.toMatchObject({ code: 'store_damaged' })
      const changes = await opener()
      const again = backupText({ changes, notebook: changes.notebook(Date.now), clock: Date.now })
      await expect(again.next()).rejects.toMatchObject({ code: 'store_damaged' })
    }
    await restoreInto(memoryStore(), whole)
  })

  test.each([
    ['a word of a commit is another', (text: string) => text.replace('om_ann', 'om_eve')],
    ['a commit is missing', (text: string) => text.replace(/\{"commit".*\n/, '')],
    ['a commit is there twice', (text: string) => text.replace(/\{"commit".*\n/, (line) => line + line)],
    ['something follows its end', (text: string) => `${text}{"note":{}}\n`],
    ['something follows its end that is no line', (text: string) => `${text}more`],
    // Tokens are honoured up to there.
    [
      'it says rightly sealed that it is of a later moment',
      (text: string) => sealed(text.replace('"position":', '"position":1')),
    ],
    ['it is said to be of another moment', (text: string) => text.replace('"position":', '"position":1')],
    ['its end says more commits', (text: string) => text.replace('"commits":', '"commits":1')],
    ['its end says more notes', (text: string) => text.replace('"notes":', '"notes":1')],
    ['a line is none', (text: string) => text.replace('{"commit"', '["commit"')],
  ])('is refused when %s', async (_, edit) => {
    const text = (await linesOf(await openAcme())).join('')
    expect(edit(text)).not.toBe(text)
    await expect(restoreInto(memoryStore(), [edit(text)])).rejects.toMatchObject({ code: 'backup_damaged' })
  })

  test('of a newer release is refused, and so is what is none', async () => {
    const text = (await linesOf(await openAcme())).join('')
    const newer = text.replace('"version":1', '"version":2')
    await expect(restoreInto(memoryStore(), [newer])).rejects.toMatchObject({ code: 'backup_newer' })
    for (const none of ['', 'a text\n', '{"name":"something"}\n', '{"bailiwick_backup":{"version":"1"}}\n'])
      await expect(restoreInto(memoryStore(), [none])).rejects.toMatchObject({ code: 'backup_foreign' })
  })
})

describe('a file of a backup', () => {
  test('is there whole or not at all, and its owner alone may read it', async () => {
    const folder = directory()
    const file = join(folder, 'authz.backup')
    const engine = await openAcme()
    // Somebody waits for it with a file that everybody may read.
    writeFileSync(`${file}.part`, '', { mode: 0o644 })
    const header = await writeBackupFile(textOf(engine), file)
    expect(header).toMatchObject({ store: engine.changes.id, position: await engine.changes.lastPosition() })
    expect(statSync(file).mode & 0o777).toBe(0o600)

    const before = readFileSync(file)
    const cut = (await linesOf(engine)).slice(0, -1)
    await expect(writeBackupFile(streamOf(cut), file)).rejects.toMatchObject({ code: 'backup_damaged' })
    expect(readFileSync(file)).toEqual(before)
    expect(readdirSync(folder)).toEqual(['authz.backup'])

    const opener = memoryStore()
    await restoreBackup(await opener(), await readBackupFile(file))
    expect(await may(await openEngine({ store: opener }), ann, 'project:view')).toBe(
      await may(engine, ann, 'project:view'),
    )
  })

  test('has reached the disk when that is said, and so has its name', async () => {
    const file = join(directory(), 'authz.backup')
    const handle = await open(dirname(file), 'r')
    const flushed = vi.spyOn(Object.getPrototypeOf(handle), 'sync')
    onTestFinished(() => flushed.mockRestore())
    await handle.close()
    await writeBackupFile(textOf(await openAcme()), file)
    expect(flushed).toHaveBeenCalledTimes(2)
  })

  test('is refused when a bit of it is another, or its end is missing', async () => {
    const file = join(directory(), 'authz.backup')
    await writeBackupFile(textOf(await openAcme()), file)
    const whole = readFileSync(file)
    for (let at = 20; at < whole.length; at += 97) {
      const edited = Buffer.from(whole)
      edited.writeUInt8(edited.readUInt8(at) ^ 4, at)
      for (const bytes of [edited, whole.subarray(0, at)]) {
        writeFileSync(file, bytes)
        await expect(readAll(file)).rejects.toMatchObject({ code: 'backup_damaged' })
      }
    }
    writeFileSync(file, gzipSync(gunzipSync(whole).toString().replace('om_bob', 'om_eve')))
    await expect(readAll(file)).rejects.toMatchObject({ code: 'backup_damaged' })
    writeFileSync(file, 'no backup')
    await expect(readAll(file)).rejects.toMatchObject({ code: 'backup_foreign' })
    await expect(readAll(`${file}.none`)).rejects.toMatchObject({ code: 'misconfigured' })
  })
})

function textOf({ changes, notebook }: EmbeddedEngine): AsyncIterable<string> {
  return backupText({ changes, notebook, clock: Date.now })
}

async function linesOf(engine: EmbeddedEngine): Promise<readonly string[]> {
  let text = ''
  for await (const piece of textOf(engine)) text += piece
  return text.split(/(?<=\n)/)
}

/** The same text with another seal, that of what stands before its end. */
function sealed(text: string): string {
  const end = text.lastIndexOf('{"end"')
  const sha256 = createHash('sha256').update(text.slice(0, end)).digest('hex')
  return text.slice(0, end) + text.slice(end).replace(/"sha256":"\w+"/, `"sha256":"${sha256}"`)
}

async function* streamOf(pieces: Iterable<string>): AsyncGenerator<string> {
  yield* pieces
}

async function restoreInto(
  opener: StoreOpener,
  text: AsyncIterable<string> | Iterable<string>,
): Promise<void> {
  const store = await opener()
  try {
    const pieces = Symbol.asyncIterator in text ? text : streamOf(text)
    await restoreBackup(store, await openBackup(pieces))
  } finally {
    await store.close()
  }
}

async function readAll(file: string): Promise<void> {
  for await (const _ of (await readBackupFile(file)).records);
}

function directory(): string {
  const path = mkdtempSync(join(tmpdir(), 'bailiwick-backup-'))
  onTestFinished(() => rmSync(path, { recursive: true }))
  return path
}
