import { randomBytes } from 'node:crypto'
import { type ConsistencyToken, InputInvalid, type Notebook, type ServiceEngine } from '@bailiwick/core'
import { ApiKeyEnded, ApiKeyNotFound, type KeyScope } from '@bailiwick/wire'
import { LRUCache } from 'lru-cache'
import { type ApiKey, hashSecret, hintOf, isAlive, newSecret } from './api-key.js'
import type { KeyFinder, PresentedKey } from './authenticate.js'

/** What a key is made of. */
export interface NewKey {
  readonly name: string
  readonly scopes: readonly KeyScope[]
  /** Milliseconds since 1970; `null` for ever. */
  readonly expiresAt?: number | null
}

/** A key that was just made, with the key itself: nothing knows it afterwards. */
export interface MadeKey {
  readonly key: ApiKey
  readonly secret: string
  readonly token: ConsistencyToken
}

/** Who tells the log what became of keys. It says who does it: an engine of whoever asks. */
export type KeyRecorder = Pick<ServiceEngine, 'recordPart'>

/** A key, and when it was last used. */
export interface ListedKey {
  readonly key: ApiKey
  /** ISO 8601, to the minute; `null` when it never was. */
  readonly lastUsedAt: string | null
}

const keysBucket = 'api_keys'
const usesBucket = 'api_key_uses'
const dayMs = 86_400_000
const minuteMs = 60_000
const rememberedMs = 1_000

/**
 * The keys of the service, kept by their hashes in its notebook. A key that was met within the last second is known
 * without a look; one that is revoked here is forgotten at once.
 */
export class KeyRing implements KeyFinder {
  readonly #met = new LRUCache<string, { readonly key: ApiKey; readonly at: number }>({ max: 10_000 })
  readonly #used = new Map<string, number>()
  /** Counts changes: what was read before one is not remembered after it. */
  #changes = 0

  readonly #notebook: Notebook
  readonly #recorder: KeyRecorder

  /** @param keeper - Has the notebook, and tells the log of keys where nobody else is named. */
  constructor(
    keeper: KeyRecorder & { readonly notebook: Notebook },
    private readonly clock: () => number,
  ) {
    this.#notebook = keeper.notebook
    this.#recorder = keeper
  }

  find({ hash }: PresentedKey): ApiKey | undefined | Promise<ApiKey | undefined> {
    const met = this.#met.get(hash)
    const now = this.clock()
    if (met === undefined || now - met.at >= rememberedMs || now < met.at) return this.#look(hash)
    return isAlive(met.key, now) ? this.#use(met.key, now) : undefined
  }

  async list(): Promise<readonly ListedKey[]> {
    const uses = new Map((await this.#notebook.list(usesBucket)).map(({ key, value }) => [key, value]))
    return (await this.#all()).map(({ key }) => ({ key, lastUsedAt: uses.get(key.id) ?? null }))
  }

  /** @throws {InputInvalid} for an end that is past: whoever asked for it meant another. */
  async create(
    { name, scopes, expiresAt = null }: NewKey,
    recorder: KeyRecorder = this.#recorder,
  ): Promise<MadeKey> {
    if (expiresAt !== null && expiresAt <= this.clock())
      throw new InputInvalid('expiresAt', 'must lie in the future', new Date(expiresAt).toISOString())
    const secret = newSecret()
    const key: ApiKey = {
      id: `key_${randomBytes(15).toString('base64url')}`,
      name,
      scopes,
      hint: hintOf(secret),
      createdAt: this.#at(0),
      expiresAt: expiresAt === null ? null : new Date(expiresAt).toISOString(),
      revokedAt: null,
    }
    await this.#write(hashSecret(secret), key)
    return { key, secret, token: await record(key, recorder) }
  }

  /**
   * Make a key that may the same, for as long from now on as the old one was made for. Both hold until that has ended.
   *
   * @param keepOldForMs - Default: a day. An end that was to come earlier stays.
   * @throws {ApiKeyNotFound} @throws {ApiKeyEnded}
   */
  async rotate(id: string, keepOldForMs = dayMs, recorder: KeyRecorder = this.#recorder): Promise<MadeKey> {
    const { before: old, after } = await this.#change(id, (key) => {
      if (!isAlive(key, this.clock())) throw new ApiKeyEnded(id)
      const end = this.#at(keepOldForMs)
      return { ...key, expiresAt: key.expiresAt === null || key.expiresAt > end ? end : key.expiresAt }
    })
    await record(after, recorder)
    return this.create({ name: old.name, scopes: old.scopes, expiresAt: this.#sameSpan(old) }, recorder)
  }

  /** The end of a key that is made now and holds as long as this one did. */
  #sameSpan({ createdAt, expiresAt }: ApiKey): number | null {
    return expiresAt === null ? null : this.clock() + Date.parse(expiresAt) - Date.parse(createdAt)
  }

  /** From this moment it holds no longer. A second time changes nothing. @throws {ApiKeyNotFound} */
  async revoke(id: string, recorder: KeyRecorder = this.#recorder): Promise<ConsistencyToken> {
    const revoked = (key: ApiKey) => ({ ...key, revokedAt: key.revokedAt ?? this.#at(0) })
    return record((await this.#change(id, revoked)).after, recorder)
  }

  async #look(hash: string): Promise<ApiKey | undefined> {
    const changes = this.#changes
    const note = await this.#notebook.read(keysBucket, hash)
    if (note === undefined) return undefined
    const key = JSON.parse(note) as ApiKey
    const now = this.clock()
    if (changes === this.#changes) this.#met.set(hash, { key, at: now })
    return isAlive(key, now) ? this.#use(key, now) : undefined
  }

  /** Note the use, at most once a minute; a note that fails is no reason to refuse the key. */
  #use(key: ApiKey, now: number): ApiKey {
    const last = this.#used.get(key.id)
    if (last === undefined || now - last >= minuteMs) {
      this.#used.set(key.id, now)
      this.#notebook.write(usesBucket, key.id, this.#at(0)).catch(() => this.#used.delete(key.id))
    }
    return key
  }

  async #write(hash: string, key: ApiKey): Promise<void> {
    await this.#anew(hash, () => this.#notebook.write(keysBucket, hash, JSON.stringify(key)))
  }

  /** Change what a key is; another process may change it at the same time. */
  async #change(
    id: string,
    to: (key: ApiKey) => ApiKey,
  ): Promise<{ readonly before: ApiKey; readonly after: ApiKey }> {
    for (;;) {
      const kept = (await this.#all()).find(({ key }) => key.id === id)
      if (kept === undefined) throw new ApiKeyNotFound(id)
      const { hash, note, key: before } = kept
      const after = to(before)
      const next = JSON.stringify(after)
      if (await this.#anew(hash, () => this.#notebook.replace(keysBucket, hash, note, next)))
        return { before, after }
    }
  }

  /** Nobody remembers what a key was before it was written, not even where it is not known whether it was. */
  async #anew<Value>(hash: string, write: () => Promise<Value>): Promise<Value> {
    try {
      return await write()
    } finally {
      this.#changes++
      this.#met.delete(hash)
    }
  }

  async #all(): Promise<readonly { readonly hash: string; readonly note: string; readonly key: ApiKey }[]> {
    const notes = await this.#notebook.list(keysBucket)
    return notes
      .map(({ key: hash, value: note }) => ({ hash, note, key: JSON.parse(note) as ApiKey }))
      .sort((a, b) => (a.key.createdAt < b.key.createdAt ? -1 : 1))
  }

  #at(fromNowMs: number): string {
    return new Date(this.clock() + fromNowMs).toISOString()
  }
}

/** The log is told after the key is kept: a key that is revoked must hold no longer, whatever the log can take. */
async function record(key: ApiKey, recorder: KeyRecorder): Promise<ConsistencyToken> {
  return (await recorder.recordPart({ op: 'put', kind: 'api_key', entity: key })).token
}
