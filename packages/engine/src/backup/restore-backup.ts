import { createHash, type Hash } from 'node:crypto'
import { type Commit, type ShardId, StoreUnusable } from '@bailiwick/core'
import { type Ancestor, lineageBucket, lineageKey, parseLineage, unfinished } from '../lineage.js'
import type { CommitDraft, Store } from '../store/store.js'
import type { Progress } from './backup-record.js'
import { canonical } from './canonical.js'
import { backupDamaged, type OpenBackup } from './read-backup.js'

/** What was restored. */
export interface Restored {
  readonly commits: number
  readonly notes: number
}

/**
 * Fill an empty store from a backup: every commit under its old revision and position, and every note. The store is
 * another one than the backup's, with an id of its own, and knows where it comes from; so consistency tokens from
 * before the backup hold, and later ones are refused.
 *
 * A store into which a backup came in part opens no engine.
 *
 * @throws {StoreUnusable} `store_not_empty`.
 * @throws {BackupUnusable}
 */
export async function restoreBackup(
  store: Store,
  { header, records }: OpenBackup,
  onProgress: (progress: Progress) => void = () => {},
): Promise<Restored> {
  await expectEmpty(store)
  const notebook = store.notebook(() => 0)
  const written = createHash('sha256')
  const appends = new Appends(store)
  // The lineage of the backup itself, which comes among the notes.
  let lineage: string | undefined
  await notebook.write(lineageBucket, lineageKey, unfinished)
  let notes = 0
  let commits = 0
  for await (const record of records) {
    if ('note' in record) {
      const { bucket, key, value, expiresAt } = record.note
      if (bucket === lineageBucket && key === lineageKey) lineage = value
      else await notebook.write(bucket, key, value, expiresAt === null ? {} : { expiresAt })
      notes++
    } else {
      note(written, record.commit)
      await appends.add(record.commit)
      if (++commits % 1_000 === 0) onProgress({ commits, of: header.position })
    }
  }
  await appends.flush()
  await expectSameLog(store, written)
  const before: readonly Ancestor[] = lineage === undefined ? [] : parseLineage(lineage)
  const ancestors = [...before, { store: header.store, position: header.position }]
  await notebook.write(lineageBucket, lineageKey, JSON.stringify(ancestors))
  onProgress({ commits, of: header.position })
  return { commits, notes }
}

async function expectEmpty(store: Store): Promise<void> {
  const isEmpty =
    (await store.lastPosition()) === 0 && (await store.notebook(() => 0).all({ limit: 1 })).length === 0
  if (isEmpty) return
  throw new StoreUnusable('store_not_empty', 'the store holds something already: restore into a new one')
}

interface Append {
  readonly shard: ShardId
  readonly expected: number
  readonly drafts: CommitDraft[]
}

/** Appends in the order of the log, many in one transaction where the store lets us. */
class Appends {
  #waiting: Append[] = []
  #count = 0

  constructor(private readonly store: Store) {}

  async add({ shard, revision, ...draft }: Commit): Promise<void> {
    const last = this.#waiting.at(-1)
    if (last?.shard === shard && last.expected + last.drafts.length === revision - 1) last.drafts.push(draft)
    else this.#waiting.push({ shard, expected: revision - 1, drafts: [draft] })
    if (++this.#count >= mostWaiting) await this.flush()
  }

  async flush(): Promise<void> {
    const waiting = this.#waiting
    this.#waiting = []
    this.#count = 0
    // A store of one process keeps the order in which it is asked; with others, one waits for the one before.
    if (this.store.access === 'exclusive') await Promise.all(waiting.map((each) => this.#append(each)))
    else for (const each of waiting) await this.#append(each)
  }

  async #append({ shard, expected, drafts }: Append): Promise<void> {
    const [first, ...others] = drafts
    if (first === undefined) return
    const { kind } = await this.store.append(shard, expected, [first, ...others])
    if (kind !== 'appended')
      throw backupDamaged(`commit ${expected + 1} of \`${shard}\` does not follow what came before it`)
  }
}

const mostWaiting = 256

/** What a store says that it holds is what the backup says. */
async function expectSameLog(store: Store, written: Hash): Promise<void> {
  const read = createHash('sha256')
  let reached = 0
  for (;;) {
    const page = await store.log({ after: reached, limit: mostWaiting })
    for (const { commit } of page) note(read, commit)
    reached += page.length
    if (page.length === 0) break
  }
  if (read.digest('hex') !== written.digest('hex'))
    throw new StoreUnusable('store_damaged', 'the store does not hold what was restored into it')
}

function note(hash: Hash, commit: Commit): void {
  hash.update(`${canonical(commit)}\n`)
}
