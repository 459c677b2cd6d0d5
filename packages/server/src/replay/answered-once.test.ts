import { type Notebook, StoreFull, StoreUnavailable, WriteContended } from '@bailiwick/core'
import { memoryStore } from '@bailiwick/engine'
import { beforeEach, describe, expect, test } from 'vitest'
import type { SentAnswer } from './answer-note.js'
import { AnsweredOnce } from './answered-once.js'

const day = 86_400_000

let now: number
let notebook: Notebook
let effects: number
let once: AnsweredOnce
const start = async (access: 'exclusive' | 'shared') => {
  now = Date.now()
  notebook = (await memoryStore({ access })()).notebook(() => now)
  once = process()
  effects = 0
}

/** One more process over the same notes. Its waiting takes no time but that of the clock. */
const process = () =>
  new AnsweredOnce(
    notebook,
    () => now,
    async (ms) => {
      now += ms
    },
  )

const request = {
  apiKeyId: 'key_1',
  idempotencyKey: 'retry-1',
  method: 'POST',
  url: '/authorization/roles',
  body: { slug: 'editor' },
}

async function act(): Promise<SentAnswer> {
  effects++
  return { status: 201, body: `{"made":${effects}}`, token: 'token', headers: {} }
}

const fail = async () => {
  throw new StoreUnavailable('the connection broke')
}

/** Begins, and goes on when it is told. */
function held() {
  const { promise, resolve } = promiseWithResolvers<SentAnswer>()
  return { run: () => promise, goOn: async () => resolve(await act()) }
}

describe.each(['exclusive', 'shared'] as const)('over a store that is %s, the same request', (access) => {
  beforeEach(() => start(access))

  test('has one effect and one answer', async () => {
    const first = await once.answer(request, act)
    const second = await once.answer(structuredClone(request), act)
    expect(second).toEqual(first)
    expect(effects).toBe(1)
  })

  test('has one effect when both come at once', async () => {
    const answers = await Promise.all([1, 2, 3].map(() => once.answer(request, act)))
    expect(new Set(answers.map(({ body }) => body))).toEqual(new Set(['{"made":1}']))
    expect(effects).toBe(1)
  })

  test('has one effect over a restart', async () => {
    const first = await once.answer(request, act)
    expect(await process().answer(request, act)).toEqual(first)
    expect(effects).toBe(1)
  })

  test('is remembered as refused, where it was refused', async () => {
    const conflict = { status: 409, body: '{}', token: null, headers: {} }
    await once.answer(request, async () => conflict)
    expect(await once.answer(request, act)).toEqual(conflict)
    expect(effects).toBe(0)
  })

  test.each([
    ['the disk was full', new StoreFull('full')],
    ['others were always first', new WriteContended('org_1', 5)],
  ])('is tried again when %s: nothing was stored', async (_, error) => {
    await expect(once.answer(request, () => Promise.reject(error))).rejects.toBe(error)
    expect((await process().answer(request, act)).status).toBe(201)
  })

  test('is not run again when it broke off and may have happened', async () => {
    await expect(once.answer(request, fail)).rejects.toThrow('the connection broke')
    const unknown = { code: 'idempotency_outcome_unknown' }
    await expect(once.answer(request, act)).rejects.toMatchObject(unknown)
    await expect(process().answer(request, act)).rejects.toMatchObject(unknown)
    expect(effects).toBe(0)
    expect((await once.answer({ ...request, idempotencyKey: 'another' }, act)).status).toBe(201)
  })

  test('is answered when its answer cannot be kept, and not run again', async () => {
    const first = await once.answer(request, async () => {
      notebook.write = () => Promise.reject(new StoreUnavailable('closed'))
      return act()
    })
    expect(first.status).toBe(201)
    await expect(process().answer(request, act)).rejects.toThrow('`Idempotency-Key`')
    expect(effects).toBe(1)
  })

  test('is claimed before it runs', async () => {
    await once.answer(request, async () => {
      expect(await notebook.list('idempotency')).toHaveLength(1)
      return act()
    })
  })
})

describe('at another process, the same request', () => {
  beforeEach(() => start('shared'))

  test('waits for the answer of the first', async () => {
    const { run, goOn } = held()
    const first = once.answer(request, run)
    const second = process().answer(request, act)
    await notebook.list('idempotency')
    await goOn()
    expect(await second).toEqual(await first)
    expect(effects).toBe(1)
  })

  test('is refused after three seconds, and answered when the first one is', async () => {
    const { run, goOn } = held()
    const first = once.answer(request, run)
    const began = now
    await expect(process().answer(request, act)).rejects.toMatchObject({ code: 'idempotency_key_in_use' })
    expect(now - began).toBeGreaterThanOrEqual(3_000)
    expect(now - began).toBeLessThan(3_500)
    await goOn()
    expect(await process().answer(request, act)).toEqual(await first)
    expect(effects).toBe(1)
  })

  test('with another body is refused while the first one runs', async () => {
    const { run, goOn } = held()
    const first = once.answer(request, run)
    await expect(process().answer({ ...request, body: {} }, act)).rejects.toMatchObject({
      code: 'idempotency_key_reused',
    })
    await goOn()
    await first
    expect(effects).toBe(1)
  })

  test('is not run again where the first process is gone: first it may go on, then nobody knows', async () => {
    void once.answer(request, held().run)
    await expect(process().answer(request, act)).rejects.toMatchObject({ code: 'idempotency_key_in_use' })
    now += 60_000
    const began = now
    await expect(process().answer(request, act)).rejects.toMatchObject({
      code: 'idempotency_outcome_unknown',
    })
    expect(now).toBe(began)
    expect(effects).toBe(0)
  })

  test('runs there when the first process could not begin', async () => {
    const { promise, reject } = promiseWithResolvers<SentAnswer>()
    const first = once.answer(request, () => promise)
    const second = process().answer(request, act)
    await notebook.list('idempotency')
    reject(new StoreFull('full'))
    await expect(first).rejects.toThrow('full')
    expect((await second).status).toBe(201)
    expect(effects).toBe(1)
  })
})

test('of a process that had the store alone and is gone, nothing can come any more', async () => {
  await start('exclusive')
  void once.answer(request, held().run)
  await new Promise(setImmediate)
  const began = now
  await expect(process().answer(request, act)).rejects.toMatchObject({ code: 'idempotency_outcome_unknown' })
  expect(now).toBe(began)
})

test('on a full disk, what is done all the same is answered', async () => {
  await start('exclusive')
  const full = () => Promise.reject(new StoreFull('full'))
  notebook.insert = full
  notebook.write = full
  expect((await once.answer(request, act)).status).toBe(201)
})

describe('another request', () => {
  beforeEach(() => start('exclusive'))

  test.each([
    ['body', { body: { slug: 'viewer' } }],
    ['path', { url: '/authorization/permissions' }],
    ['query', { url: '/authorization/roles?a=1' }],
  ])('with another %s under the same key is refused, at once and later', async (_, other) => {
    const both = await Promise.allSettled([
      once.answer(request, act),
      once.answer({ ...request, ...other }, act),
    ])
    expect(both).toMatchObject([
      { status: 'fulfilled' },
      { status: 'rejected', reason: { code: 'idempotency_key_reused' } },
    ])
    await expect(once.answer({ ...request, ...other }, act)).rejects.toMatchObject({
      code: 'idempotency_key_reused',
    })
    expect(effects).toBe(1)
  })

  test('of another API key is another request', async () => {
    await once.answer(request, act)
    await once.answer({ ...request, apiKeyId: 'key_2' }, act)
    expect(effects).toBe(2)
  })

  test('may not be made by moving text from one key to the other', async () => {
    await once.answer({ ...request, apiKeyId: 'a', idempotencyKey: 'b","c' }, act)
    await once.answer({ ...request, apiKeyId: 'a","b', idempotencyKey: 'c' }, act)
    expect(effects).toBe(2)
  })
})

test.each(['exclusive', 'shared'] as const)(
  'over a store that is %s, an answer is kept for 24 hours',
  async (access) => {
    await start(access)
    await once.answer(request, act)
    now += day - 1
    expect(await once.answer(request, act)).toMatchObject({ body: '{"made":1}' })
    now += 1
    expect(await once.answer(request, act)).toMatchObject({ body: '{"made":2}' })
  },
)

function promiseWithResolvers<Value>() {
  let resolve: (value: Value) => void = () => {}
  let reject: (error: unknown) => void = () => {}
  const promise = new Promise<Value>((onValue, onError) => {
    resolve = onValue
    reject = onError
  })
  return { promise, resolve, reject }
}
