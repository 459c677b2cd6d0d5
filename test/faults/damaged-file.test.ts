import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { EntityKind } from '@bailiwick/core'
import type { Store } from '@bailiwick/engine'
import { sqlite } from '@bailiwick/engine/sqlite'
import { describe, expect, onTestFinished, test } from 'vitest'
import { randomFrom, seed } from './random.js'
import { commitNumber, shards } from './workload.js'

const trials = Number(process.env.DAMAGE_TRIALS ?? 250)
const commitsPerShard = 40
const timeout = 180_000 + trials * 400

describe(`a damaged store (FAULTS_SEED=${seed}, DAMAGE_TRIALS=${trials})`, () => {
  test('is refused, or answers as if whole: never less, never something else', {
    timeout,
  }, async () => {
    const { whole, path } = await filledStore()
    const random = randomFrom(seed)
    const outcomes = { 'refused at open': 0, 'refused in part': 0, whole: 0 }
    for (let trial = 0; trial < trials; trial++) {
      const { how, bytes } = damage(readFileSync(path('authz.db')), random)
      const outcome = await openDamaged(path('trial.db'), bytes, undefined)
      const told = `trial ${trial}, ${how}`
      if (outcome === 'refused') outcomes['refused at open']++
      else outcomes[expectWholeOrRefused(outcome, whole, told)]++
    }
    console.log(`${trials} damaged files:`, outcomes)
    // The damage reached every line of defence, and spared some files.
    for (const count of Object.values(outcomes)) expect(count).toBeGreaterThan(0)
  })

  test('whose write-ahead log is damaged is refused, or lacks at most what a crash may take', {
    timeout,
  }, async () => {
    const { main, log, lastTransactions } = await crashedStore()
    const path = directory()('trial.db')
    const random = randomFrom(seed)
    const outcomes = { refused: 0, whole: 0, 'without its last transaction': 0 }
    for (let trial = 0; trial < trials / 4; trial++) {
      // Every other one where damage and a crash look alike.
      const at =
        trial % 2 === 0 ? random(log.length) : lastTransactions + random(log.length - lastTransactions)
      const damaged = Buffer.from(log)
      damaged.writeUInt8(damaged.readUInt8(at) ^ (1 << random(8)), at)
      const revision = await revisionOf(path, main, damaged)
      if (revision === 'refused') outcomes.refused++
      else if (revision === commitsPerShard) outcomes.whole++
      else {
        outcomes['without its last transaction']++
        expect(at).toBeGreaterThanOrEqual(lastTransactions)
        expect(revision).toBeGreaterThanOrEqual(commitsPerShard - 2)
      }
    }
    console.log('damaged logs:', outcomes)
    expect(outcomes.refused).toBeGreaterThan(0)
    expect(outcomes['without its last transaction']).toBeGreaterThan(0)
  })

  test('whose file ahead is damaged is refused, or lacks its last row, which a crash may take', {
    timeout,
  }, async () => {
    const path = directory()
    const live = await sqlite(path('live.db'))()
    for (let commit = 1; commit <= commitsPerShard; commit++)
      await Promise.all(shards.map((shard) => live.append(shard, commit - 1, [commitNumber(shard, commit)])))
    const [main, ahead] = [readFileSync(path('live.db')), readFileSync(path('live.db-ahead'))]
    await live.close()
    const inLast = ahead.lastIndexOf(`"revision":${commitsPerShard},`)
    const lastRow = ahead.lastIndexOf('[{"shard"', inLast) - 92
    expect(lastRow % 512).toBe(0)
    const end = ahead.lastIndexOf(']') + 1
    const random = randomFrom(seed)
    const outcomes = { refused: 0, whole: 0, 'without its last row': 0 }
    for (let trial = 0; trial < trials / 4; trial++) {
      const at = trial % 2 === 0 ? random(end) : lastRow + random(end - lastRow)
      const damaged = Buffer.from(ahead)
      damaged.writeUInt8(damaged.readUInt8(at) ^ (1 << random(8)), at)
      writeFileSync(path('trial.db-ahead'), damaged)
      const answers = await openDamaged(path('trial.db'), main, undefined)
      if (answers === 'refused') outcomes.refused++
      else if (answers[`revision ${shards[0]}`] === commitsPerShard) outcomes.whole++
      else {
        expect(at).toBeGreaterThanOrEqual(lastRow)
        for (const shard of shards) {
          const left = Array.from({ length: commitsPerShard - 1 }, (_, n) => commitNumber(shard, n + 1))
          expect(answers[`commits ${shard}`]).toMatchObject(left)
        }
        outcomes['without its last row']++
      }
    }
    console.log('damaged files ahead:', outcomes)
    for (const count of Object.values(outcomes)) expect(count).toBeGreaterThan(0)
  })

  test('whose write-ahead log is cut stands where it stood then', { timeout }, async () => {
    const { main, log } = await crashedStore()
    const path = directory()('trial.db')
    const random = randomFrom(seed)
    for (let trial = 0; trial < trials / 10; trial++) {
      const left = random(log.length)
      const answers = await openDamaged(path, main, log.subarray(0, left))
      if (answers === 'refused') throw new Error(`refused with ${left} bytes of its log`)
      for (const shard of shards) {
        const revision = answers[`revision ${shard}`] as number
        const commits = Array.from({ length: revision }, (_, n) => commitNumber(shard, n + 1))
        expect(answers[`commits ${shard}`]).toMatchObject(commits)
        if (revision > 0) expect(answers[`load ${shard}`]).toMatchObject({ revision })
      }
    }
  })
})

type Answers = Readonly<Record<string, unknown>>

/** What a store answers to every question, or why it does not. */
async function answersOf(store: Store): Promise<Answers> {
  const answers: Record<string, unknown> = {}
  const ask = async (question: string, answer: () => Promise<unknown>) => {
    answers[question] = await answer().catch((error) => error)
  }
  await ask('id', async () => store.id)
  for (const shard of shards) {
    await ask(`revision ${shard}`, () => store.revision(shard))
    await ask(`commits ${shard}`, () => store.commitsSince(shard, 0))
    await ask(`load ${shard}`, async () => {
      const loaded = await store.load(shard)
      return loaded && { revision: loaded.revision, entities: [...loaded.entities] }
    })
    for (let commit = 1; commit <= commitsPerShard; commit++) {
      const [first] = commitNumber(shard, commit).changes
      if (first?.op === 'put') {
        await ask(`find ${first.entity.id}`, () => store.find(first.kind, first.entity.id))
      }
    }
  }
  await ask('log', () => store.log({ after: 0, limit: 1_000 }))
  await ask('last position', () => store.lastPosition())
  await ask('notes', () => store.notebook(() => 0).list('faults'))
  for (const [first] of shards.map((shard) => commitNumber(shard, commitsPerShard).changes)) {
    if (first?.op !== 'put' || first.kind !== 'membership') continue
    const { userId } = first.entity
    await ask(`lookup ${userId}`, () => store.lookup('membership_user', userId, { limit: 9 }))
  }
  for (const kind of ['membership', 'resource', 'organization'] as EntityKind[]) {
    await ask(`scan ${kind}`, () => store.scan(kind, { limit: 1_000 }))
  }
  return answers
}

function expectWholeOrRefused(answers: Answers, whole: Answers, told: string): 'whole' | 'refused in part' {
  let refused = false
  for (const [question, answer] of Object.entries(answers)) {
    if (answer instanceof Error) {
      expect(answer, `${told}: ${question}`).toMatchObject({ name: 'StoreUnusable', code: 'store_damaged' })
      refused = true
    } else {
      expect(answer, `${told}: ${question}`).toEqual(whole[question])
    }
  }
  return refused ? 'refused in part' : 'whole'
}

async function openDamaged(
  path: string,
  main: Buffer,
  log: Buffer | undefined,
): Promise<'refused' | Answers> {
  // A new file each time, not new content in the old one: a refusal may hold on to the old one for a while.
  for (const name of [path, `${path}-wal`]) rmSync(name, { force: true })
  writeFileSync(path, main)
  if (log !== undefined) writeFileSync(`${path}-wal`, log)
  const opened = await sqlite(path)().catch((error) => error)
  if (opened instanceof Error) {
    expect(opened).toMatchObject({
      name: 'StoreUnusable',
      code: expect.stringMatching(/damaged|foreign|newer/),
    })
    return 'refused'
  }
  try {
    return await answersOf(opened)
  } finally {
    // Damage that a read has met may stand in the way of a tidy end.
    await opened.close().catch(() => {})
  }
}

function damage(whole: Buffer, random: (below: number) => number): { how: string; bytes: Buffer } {
  const bytes = Buffer.from(whole)
  const at = random(bytes.length)
  const page = at - (at % 4_096)
  switch (random(5)) {
    case 0:
      return { how: `cut to ${at} bytes`, bytes: bytes.subarray(0, at) }
    case 1:
      bytes.fill(0, at - (at % 512), at - (at % 512) + 512)
      return { how: `sector at ${at} zeroed`, bytes }
    case 2: {
      const from = random(bytes.length / 4_096) * 4_096
      bytes.copy(bytes, page, from, from + 4_096)
      return { how: `page at ${page} overwritten by that at ${from}`, bytes }
    }
    case 3:
      bytes.writeUInt8(random(256), at)
      return { how: `byte at ${at} changed`, bytes }
    default:
      bytes.writeUInt8(bytes.readUInt8(at) ^ (1 << random(8)), at)
      return { how: `bit of the byte at ${at} flipped`, bytes }
  }
}

/** A closed store, with the answers it gives. */
async function filledStore() {
  const path = directory()
  const store = await sqlite(path('authz.db'))()
  await fill(store)
  const whole = await answersOf(store)
  await store.close()
  return { path, whole }
}

/** A store as a crash leaves it, and where in its log the last transactions end that may have been torn. */
async function crashedStore() {
  const path = directory()
  const store = await sqlite(path('live.db'))()
  await fill(store)
  copyFileSync(path('live.db'), path('authz.db'))
  copyFileSync(path('live.db-wal'), path('authz.db-wal'))
  await store.close()
  const log = readFileSync(path('authz.db-wal'))
  const commitFrames: number[] = []
  for (let at = 32; at < log.length; at += 24 + 4_096) if (log.readUInt32BE(at + 4) > 0) commitFrames.push(at)
  // Behind its last frame the log is empty.
  const end = (commitFrames.at(-1) as number) + 24 + 4_096
  // With damage to the frame that ends it, a transaction looks like the beginning of the next one.
  return {
    main: readFileSync(path('authz.db')),
    log: log.subarray(0, end),
    lastTransactions: commitFrames.at(-2) as number,
  }
}

async function revisionOf(path: string, main: Buffer, log: Buffer): Promise<number | 'refused'> {
  const answers = await openDamaged(path, main, log)
  return answers === 'refused' ? answers : (answers[`revision ${shards[0]}`] as number)
}

async function fill(store: Store): Promise<void> {
  for (let commit = 1; commit <= commitsPerShard; commit++) {
    await Promise.all([
      ...shards.map((shard) => store.append(shard, commit - 1, [commitNumber(shard, commit)])),
      store.notebook(() => 0).write('faults', `${commit}`, `the ${commit}th note`),
    ])
  }
}

function directory(): (name: string) => string {
  const path = mkdtempSync(join(tmpdir(), 'bailiwick-faults-'))
  onTestFinished(() => rmSync(path, { recursive: true }))
  return (name) => join(path, name)
}
