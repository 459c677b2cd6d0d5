import type { Notebook } from '@bailiwick/core'
import { memoryStore } from '@bailiwick/engine'
import { beforeEach, describe, expect, test } from 'vitest'
import { AnsweredOnce, type SentAnswer } from './answered-once.js'

const day = 86_400_000

let now: number
let notebook: Notebook
let once: AnsweredOnce
let effects: number
beforeEach(async () => {
  now = Date.now()
  notebook = (await memoryStore()()).notebook(() => now)
  once = new AnsweredOnce(notebook, () => now)
  effects = 0
})

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

describe('the same request with the same key', () => {
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
    const restarted = new AnsweredOnce(notebook, () => now)
    expect(await restarted.answer(request, act)).toEqual(first)
    expect(effects).toBe(1)
  })

  test('is remembered as refused, where it was refused', async () => {
    const conflict = { status: 409, body: '{}', token: null, headers: {} }
    await once.answer(request, async () => conflict)
    expect(await once.answer(request, act)).toEqual(conflict)
    expect(effects).toBe(0)
  })

  test('is tried again when the service failed', async () => {
    const fail = async () => {
      throw new Error('the disk is full')
    }
    await expect(once.answer(request, fail)).rejects.toThrow('the disk is full')
    expect((await once.answer(request, act)).status).toBe(201)
  })
})

describe('another request', () => {
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

test('an answer is kept for 24 hours', async () => {
  await once.answer(request, act)
  now += day - 1
  expect(await once.answer(request, act)).toMatchObject({ body: '{"made":1}' })
  now += 1
  expect(await once.answer(request, act)).toMatchObject({ body: '{"made":2}' })
})
