import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { type LogEntry, type OrganizationId, StoreUnusable } from '@bailiwick/core'
import { readToken } from '@bailiwick/engine'
import { verifyStore } from '@bailiwick/engine/backup'
import { sqlite } from '@bailiwick/engine/sqlite'
import { afterAll, describe, expect, onTestFinished, test, vi } from 'vitest'
import { LostPower } from './power/lost-power.js'
import { StandInThread } from './power/stand-in-thread.js'
import { type DiskEvent, WatchedDisk } from './power/watched-disk.js'
import { type Flushes, WatchedSqlite } from './power/watched-sqlite.js'
import { withoutPadding } from './power/without-padding.js'
import { randomFrom, seed } from './random.js'
import { model } from './workload.js'

const losses = Number(process.env.POWER_LOSSES ?? (process.env.RUNS === 'long' ? 300 : 30))

describe(`a loss of power (FAULTS_SEED=${seed}, POWER_LOSSES=${losses})`, () => {
  afterAll(() => vi.doUnmock('libsql'))

  test('takes no acknowledged commit, and leaves none half', {
    timeout: 150_000 + losses * 1_000,
  }, async () => {
    const life = await watchedLife({ flushes: 'FULL' })
    const { lost, refused, faulty } = await losePower(life, losses)
    expect({ lost, refused, faulty }).toEqual({ lost: 0, refused: [], faulty: 0 })
    // Checkpoints have moved the log into the database meanwhile.
    expect(life.events.some((event) => event.kind === 'write' && event.path.endsWith('.db'))).toBe(true)
  })

  test('takes some where the file ahead of SQLite is not flushed, and this test sees it', async () => {
    const life = await watchedLife({ flushes: 'FULL' })
    const isKept = (event: DiskEvent<Acknowledged>) =>
      event.kind !== 'flush' || !event.path.endsWith('-ahead')
    const { lost, refused, faulty } = await losePower({ ...life, events: life.events.filter(isKept) }, 30)
    expect(lost).toBeGreaterThan(0)
    // Rows may come to the disk in any order then, which is not told from damage.
    expect({ refused: refused.filter((message) => !message.includes('-ahead')), faulty }).toEqual({
      refused: [],
      faulty: 0,
    })
  })

  test('takes some where nothing is flushed, and this test sees it', async () => {
    const life = await watchedLife({ flushes: 'OFF' })
    const { lost, refused, faulty } = await losePower(life, 30)
    expect(lost + refused.length + faulty).toBeGreaterThan(0)
    // By itself the store flushes what it has made, and then the name of that.
    const ofMaking = life.born.flatMap((event) =>
      event.kind === 'note' || /-(journal|lock|reserve|wal|ahead)$/.test(event.path) ? [] : [event.kind],
    )
    expect(ofMaking.join(' ')).toMatch(/^(write )+flush flush /)
    const ofAhead = life.born.slice(life.born.findIndex(isOfAhead)).map(({ kind }) => kind)
    expect(ofAhead.join(' ')).toMatch(/^(write ){257}flush flush (write flush )+note/)
  })
})

describe(`and while a thread writes the tables (FAULTS_SEED=${seed}, POWER_LOSSES=${losses})`, () => {
  test('takes no acknowledged commit, and leaves none half', {
    timeout: 150_000 + losses * 1_000,
  }, async () => {
    const life = await watchedLife({ flushes: 'FULL', ofThread: 'FULL' })
    expect(Math.min(...Object.values(life.batches)), JSON.stringify(life.batches)).toBeGreaterThan(3)
    const { lost, refused, faulty } = await losePower(life, losses)
    expect({ lost, refused, faulty }).toEqual({ lost: 0, refused: [], faulty: 0 })
  })

  test('takes some where that thread does not flush, and this test sees it', async () => {
    const life = await watchedLife({ flushes: 'FULL', ofThread: 'NORMAL' })
    // Seldom, for other flushes come soon: what it wrote must be gone, and what was ahead of it written over.
    const { lost, refused, faulty } = await losePower(life, 150, 'until it shows')
    expect(lost + refused.length + faulty).toBeGreaterThan(0)
  })
})

/** Of the shard `organizationId`, so many commits are acknowledged. */
interface Acknowledged {
  readonly organizationId: OrganizationId
  readonly revision: number
}

interface WatchedLife {
  /** What was done while the store was made and opened. */
  readonly born: readonly DiskEvent<Acknowledged>[]
  /** The files when watching began. */
  readonly before: ReadonlyMap<string, Buffer>
  readonly events: readonly DiskEvent<Acknowledged>[]
  /** What was written at all. */
  readonly log: readonly LogEntry[]
  /** Given to the thread. */
  readonly batches: typeof StandInThread.told
}

/** What flushes as it was told to, and otherwise as this says. */
interface Flushing {
  readonly flushes: Flushes
  /** Without a thread there is none. */
  readonly ofThread?: Flushes
}

const organizations = ['acme', 'globex', 'initech'].map((name) => `org_${name}` as OrganizationId)
/** Some hundred writes of an engine over a store whose disk is watched. */
async function watchedLife({ flushes, ofThread }: Flushing): Promise<WatchedLife> {
  const folder = temporaryFolder()
  const path = join(folder, 'authz.db')
  vi.resetModules()
  vi.doMock('libsql', () => ({ default: WatchedSqlite }))
  WatchedSqlite.flushes = { first: flushes, others: ofThread ?? flushes }
  await (ofThread === undefined ? withoutThread() : withStandIn())
  const disk = new WatchedDisk<Acknowledged>(folder)
  try {
    const { openEngine } = await import('@bailiwick/engine')
    const { sqlite: watched } = await import('@bailiwick/engine/sqlite')
    const engine = await openEngine({ store: watched(path), model })
    const acknowledge = (token: Parameters<typeof readToken>[0]) => {
      const { shard, revision } = readToken(token, engine.changes.id)
      disk.note({ organizationId: shard as OrganizationId, revision })
      StandInThread.goOn()
    }
    for (const id of organizations) acknowledge((await engine.createOrganization({ id, name: id })).token)
    const born = disk.events.splice(0)
    const before = new Map([path, `${path}-wal`, `${path}-ahead`].map((file) => [file, readFileSync(file)]))
    await Promise.all(
      organizations.map(async (organizationId, n) => {
        for (let number = 0; number < 300; number++) {
          const userId = `user_${number}`
          const member = await engine.createMembership({ organizationId, userId })
          acknowledge(member.token)
          const externalId = `p${number}`
          const project = await engine.createResource({
            organizationId,
            type: 'project',
            externalId,
            name: 'Any',
          })
          acknowledge(project.token)
          const resource = { type: 'project', externalId }
          const subject = { membershipId: member.value.id }
          const given = await engine.assignRole({ organizationId, subject, role: 'editor', resource })
          acknowledge(given.token)
          // Who shares its transaction goes past the file ahead.
          if (number % 40 === 0) await engine.notebook.write('seen', `${organizationId}`, `${number}`)
          // Not always side by side with the others.
          if (number % (n + 2) === 0)
            acknowledge((await engine.removeAssignment(organizationId, given.value.id)).token)
        }
      }),
    )
    const log = await engine.log({ after: 0, limit: 10_000 })
    await engine.close()
    const events = withoutPadding(disk.events, before.get(path) as Buffer)
    return { born, before, events, log, batches: { ...StandInThread.told } }
  } finally {
    disk.stop()
    vi.doUnmock('libsql')
    vi.doUnmock('node:worker_threads')
    vi.doUnmock(openStoreModule)
    vi.restoreAllMocks()
    vi.resetModules()
  }
}

/** What a thread of its own writes is not watched: none is started within another. */
function withoutThread(): void {
  vi.doMock('node:worker_threads', async (original) => ({
    ...(await original<object>()),
    isMainThread: false,
  }))
}

const ofEngine = (file: string) =>
  new URL(`../../packages/engine/src/sqlite/${file}`, import.meta.url).pathname
const openStoreModule = ofEngine('open-store.ts')

/** Small batches, given to a thread, in whose place another one stands. */
async function withStandIn(): Promise<void> {
  vi.doMock('node:worker_threads', async (original) => ({
    ...(await original<object>()),
    isMainThread: true,
    Worker: StandInThread,
  }))
  const pace = {
    mostPending: 100,
    threadWithinMs: Number.POSITIVE_INFINITY,
    threadCommits: 0,
    threadScript: new URL('file:///nowhere'),
  }
  vi.doMock(openStoreModule, async (original) => {
    const { openStore } = await original<{ openStore: (...args: unknown[]) => unknown }>()
    return { openStore: (file: unknown) => openStore(file, pace) }
  })
  vi.spyOn(Atomics, 'wait').mockImplementation(StandInThread.wait as never)
  const { runTables } = await import(ofEngine('run-tables.ts'))
  Object.assign(StandInThread, { run: runTables, random: randomFrom(seed) })
  Object.assign(StandInThread.told, { written: 0, not: 0 })
}

function isOfAhead(event: DiskEvent<Acknowledged>): boolean {
  return event.kind !== 'note' && event.path.endsWith('-ahead')
}

/** Open the store, as it is, from what a loss of power leaves at some moments, and count what is wrong. */
async function losePower(
  { before, events, log }: WatchedLife,
  times: number,
  extent: 'all' | 'until it shows' = 'all',
) {
  const random = randomFrom(seed)
  const moments = Array.from({ length: times }, () => random(events.length)).sort((one, other) => one - other)
  const folder = temporaryFolder()
  const power = new LostPower(new Map([...before].map(([path, bytes]) => [path, Buffer.from(bytes)])))
  const reached = new Map<OrganizationId, number>()
  const outcome = { lost: 0, refused: [] as string[], faulty: 0, whole: 0 }
  let at = 0
  for (const moment of moments) {
    for (; at < moment; at++) {
      const event = events[at] as DiskEvent<Acknowledged>
      power.follow(event)
      if (event.kind === 'note') {
        const { organizationId, revision } = event.note
        reached.set(organizationId, Math.max(revision, reached.get(organizationId) ?? 0))
      }
    }
    rmSync(folder, { recursive: true })
    mkdirSync(folder)
    for (const [path, bytes] of power.image(random)) writeFileSync(join(folder, basename(path)), bytes)
    const judged = await judge(join(folder, 'authz.db'), reached, log)
    if (judged instanceof StoreUnusable) outcome.refused.push(judged.message)
    else outcome[judged]++
    if (extent === 'until it shows' && judged !== 'whole') break
  }
  return outcome
}

async function judge(path: string, reached: ReadonlyMap<OrganizationId, number>, log: readonly LogEntry[]) {
  try {
    const store = await sqlite(path)()
    try {
      const found = await store.log({ after: 0, limit: 10_000 })
      for (const [organization, revision] of reached)
        if ((await store.revision(organization)) < revision) return 'lost'
      if (!isDeepStrictEqual(found, log.slice(0, found.length))) return 'faulty'
      return (await verifyStore(store)).faultCount === 0 ? 'whole' : 'faulty'
    } finally {
      await store.close()
    }
  } catch (error) {
    // Damage may be met at any page: when it opens, when it is read, and when it closes.
    if (error instanceof StoreUnusable) return error
    throw error
  }
}

function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'bailiwick-power-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  return folder
}
