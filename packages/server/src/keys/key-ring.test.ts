import type { ConsistencyToken, Notebook, ServicePartChange } from '@bailiwick/core'
import { memoryStore } from '@bailiwick/engine'
import { beforeEach, describe, expect, test } from 'vitest'
import { hashSecret } from './api-key.js'
import { KeyRing } from './key-ring.js'

const start = Date.parse('2026-01-01T00:00:00.000Z')
const minute = 60_000
const day = 86_400_000

let now: number
let notebook: Notebook
let keys: KeyRing
let recorded: ServicePartChange[]

const recordPart = async (change: ServicePartChange) => {
  recorded.push(change)
  return { value: undefined, token: 'token' as ConsistencyToken }
}

const ring = () => new KeyRing({ notebook, recordPart }, () => now)
const find = (secret: string) => keys.find({ hash: hashSecret(secret) })
beforeEach(async () => {
  now = start
  notebook = (await memoryStore()()).notebook(() => now)
  recorded = []
  keys = ring()
})

const reader = { name: 'reader', scopes: ['read'] } as const

/** Have one method of the notebook wait until it is let go: before it is done, or before its caller hears of it. */
function slowly(method: 'read' | 'replace', when: 'before' | 'after') {
  const begun = promised()
  const gone = promised()
  const slow = new Proxy(notebook, {
    get: (target, name: keyof Notebook) => {
      const own = target[name]
      if (typeof own !== 'function') return own
      return async (...input: never[]) => {
        if (name === method) begun.settle()
        if (name === method && when === 'before') await gone.promise
        const answer = await (own as (...input: never[]) => unknown).apply(target, input)
        if (name === method && when === 'after') await gone.promise
        return answer
      }
    },
  })
  keys = new KeyRing({ notebook: slow, recordPart }, () => now)
  return { begun: begun.promise, letGo: gone.settle }
}

function promised() {
  let settle = () => {}
  const promise = new Promise<void>((resolve) => {
    settle = resolve
  })
  return { promise, settle }
}

describe('a key', () => {
  test('is known by what was shown when it was made, and by nothing else', async () => {
    const { key, secret } = await keys.create(reader)
    expect(secret).toMatch(/^sk_[A-Za-z0-9_-]{43}$/)
    expect(await find(secret)).toEqual(key)
    expect(await find(`${secret}x`)).toBeUndefined()
    expect(await find(secret.slice(0, -1))).toBeUndefined()
    expect(await find(key.id)).toBeUndefined()
    expect(await find(key.hint)).toBeUndefined()
  })

  test('is kept nowhere', async () => {
    const { secret } = await keys.create(reader)
    await find(secret)
    const notes = [...(await notebook.list('api_keys')), ...(await notebook.list('api_key_uses'))]
    expect(notes.length).toBeGreaterThan(0)
    expect(JSON.stringify(notes)).not.toContain(secret.slice(6, -4))
  })

  test('that was met a moment ago is known at once', async () => {
    const { key, secret } = await keys.create(reader)
    expect(find(secret)).toBeInstanceOf(Promise)
    await find(secret)
    expect(find(secret)).toEqual(key)
    now += 1_000
    expect(find(secret)).toBeInstanceOf(Promise)
  })

  test('holds until it expires, also while it is known at once', async () => {
    const { secret } = await keys.create({ ...reader, expiresAt: start + 500 })
    expect(await find(secret)).toBeDefined()
    now += 499
    expect(await find(secret)).toBeDefined()
    now += 1
    expect(await find(secret)).toBeUndefined()
  })

  test('holds for whoever opens the same notebook later', async () => {
    const { key, secret } = await keys.create(reader)
    const later = ring()
    expect(await later.find({ hash: hashSecret(secret) })).toEqual(key)
  })
})

describe('revoking', () => {
  test('holds at once, for a key that was met a moment ago too', async () => {
    const { key, secret } = await keys.create(reader)
    const other = await keys.create(reader)
    await find(secret)
    await keys.revoke(key.id)
    expect(await find(secret)).toBeUndefined()
    expect(await find(other.secret)).toBeDefined()
  })

  test('holds for a look that began before it', async () => {
    const { key, secret } = await keys.create(reader)
    const look = find(secret)
    await keys.revoke(key.id)
    await look
    expect(await find(secret)).toBeUndefined()
  })

  test('holds for a look that read the key before it, and hears of it afterwards', async () => {
    const { key, secret } = await keys.create(reader)
    const { letGo } = slowly('read', 'after')
    const look = find(secret)
    await keys.revoke(key.id)
    letGo()
    await look
    expect(await find(secret)).toBeUndefined()
  })

  test('holds for a look that came while it was written', async () => {
    const { key, secret } = await keys.create(reader)
    const { begun, letGo } = slowly('replace', 'before')
    const revoking = keys.revoke(key.id)
    await begun
    expect(await find(secret)).toBeDefined()
    letGo()
    await revoking
    expect(await find(secret)).toBeUndefined()
  })

  test('holds at once where it was stored, though nobody could say so', async () => {
    const { key, secret } = await keys.create(reader)
    const replace = notebook.replace.bind(notebook)
    notebook.replace = async (...input) => {
      await replace(...input)
      throw new Error('the connection is gone')
    }
    await find(secret)
    await expect(keys.revoke(key.id)).rejects.toThrow('the connection is gone')
    expect(await find(secret)).toBeUndefined()
  })

  test('elsewhere holds after a second, and at once where the clock was set back', async () => {
    const { key, secret } = await keys.create(reader)
    await find(secret)
    await ring().revoke(key.id)
    expect(await find(secret)).toBeDefined()
    now -= day
    expect(await find(secret)).toBeUndefined()
  })

  test('is told in the list, and a second time changes nothing', async () => {
    const { key } = await keys.create(reader)
    await keys.revoke(key.id)
    now += minute
    await keys.revoke(key.id)
    expect(await keys.list()).toMatchObject([{ key: { id: key.id, revokedAt: '2026-01-01T00:00:00.000Z' } }])
  })

  test('an unknown key is an error', async () => {
    await expect(keys.revoke('key_nobody')).rejects.toMatchObject({ code: 'api_key_not_found' })
  })
})

describe('rotating', () => {
  test('lets both keys hold for a day', async () => {
    const old = await keys.create({ name: 'ci', scopes: ['write', 'check'] })
    const made = await keys.rotate(old.key.id)
    expect(made.key).toMatchObject({ name: 'ci', scopes: ['write', 'check'] })
    now += day - 1
    expect(await find(old.secret)).toBeDefined()
    expect(await find(made.secret)).toBeDefined()
    now += 1
    expect(await find(old.secret)).toBeUndefined()
    expect(await find(made.secret)).toBeDefined()
  })

  test('yields a key that ends as long from now on as the old one was made for, or never as that', async () => {
    const weekMs = 7 * 86_400_000
    const { key } = await keys.create({ name: 'week', scopes: ['read'], expiresAt: now + weekMs })
    now += 86_400_000
    expect((await keys.rotate(key.id)).key.expiresAt).toBe(new Date(now + weekMs).toISOString())
    const { key: forEver } = await keys.create({ name: 'ever', scopes: ['read'] })
    expect((await keys.rotate(forEver.id)).key.expiresAt).toBeNull()
  })

  test('never gives a key more time than it had', async () => {
    const old = await keys.create({ ...reader, expiresAt: start + 1_000 })
    await keys.rotate(old.key.id)
    now += 1_000
    expect(await find(old.secret)).toBeUndefined()
  })

  test('a key that has ended is refused', async () => {
    const { key } = await keys.create(reader)
    await keys.revoke(key.id)
    await expect(keys.rotate(key.id)).rejects.toMatchObject({ code: 'api_key_ended' })
  })
})

describe('the last use', () => {
  test('is noted once a minute', async () => {
    const { secret } = await keys.create(reader)
    const [unused] = await keys.list()
    expect(unused?.lastUsedAt).toBeNull()
    await find(secret)
    now += minute - 1
    await find(secret)
    expect((await keys.list())[0]?.lastUsedAt).toBe('2026-01-01T00:00:00.000Z')
    now += 1
    await find(secret)
    expect((await keys.list())[0]?.lastUsedAt).toBe('2026-01-01T00:01:00.000Z')
  })
})

describe('the log', () => {
  const states = () =>
    recorded.map((change) => change.op === 'put' && change.kind === 'api_key' && change.entity)

  test('is told of a key that is made, of both where one is rotated, and of one that is revoked', async () => {
    const { key: first } = await keys.create(reader)
    const { key: second, token } = await keys.rotate(first.id)
    expect(await keys.revoke(second.id)).toBe(token)
    const shortened = { ...first, expiresAt: new Date(start + day).toISOString() }
    expect(states()).toEqual([
      first,
      shortened,
      second,
      { ...second, revokedAt: new Date(start).toISOString() },
    ])
  })

  test('that cannot be told keeps no key alive that is revoked', async () => {
    const { key, secret } = await keys.create(reader)
    const fails = { recordPart: () => Promise.reject(new Error('no room')) }
    await expect(keys.revoke(key.id, fails)).rejects.toThrow('no room')
    expect(await find(secret)).toBeUndefined()
  })
})

test.each(['first', 'last'])(
  'a key that one process revokes, %s, while another rotates it holds no longer',
  async (turn) => {
    const elsewhere = ring()
    const { key, secret } = await keys.create(reader)
    const rotate = () => keys.rotate(key.id)
    const revoke = () => elsewhere.revoke(key.id)
    // Whoever comes second finds the key ended, or its end left alone.
    await Promise.allSettled(
      (turn === 'first' ? [revoke, rotate] : [rotate, revoke]).map((change) => change()),
    )
    now += 1_000
    expect(await find(secret)).toBeUndefined()
  },
)
