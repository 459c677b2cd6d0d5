import { remoteEngine } from '@bailiwick/client'
import type { AuthorizationEngine } from '@bailiwick/core'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { model, questionAbout } from './questions.js'
import { type Misbehaviour, startYesServer, type YesServer, yes } from './yes-server.js'

describe('an answer that is none', () => {
  let server: YesServer
  let engine: AuthorizationEngine

  beforeEach(async () => {
    server = await startYesServer()
    engine = await remoteEngine({ url: server.url, apiKey: 'sk_test', model, deadlineMs: 60_000 })
  })
  afterEach(async () => {
    await engine.close()
    await server.close()
  })

  const questions = [questionAbout(1), questionAbout(2)]

  /** Answer as it should be, with one thing changed. */
  const spoilt = (spoil: (items: Record<string, unknown>[]) => unknown): Misbehaviour => {
    return (_, body) => {
      const answer = yes(body)
      return { ...answer, data: spoil(answer.data) }
    }
  }

  const cases: readonly (readonly [string, Misbehaviour])[] = [
    ['nothing', () => undefined],
    ['an empty object', () => ({})],
    ['an array', () => []],
    ['a plain yes', () => ({ authorized: true })],
    [
      'a yes for each without a reason',
      spoilt((items) => items.map(({ index }) => ({ index, authorized: true }))),
    ],
    ['a yes that is text', spoilt((items) => items.map((item) => ({ ...item, authorized: 'true' })))],
    ['a yes that is a number', spoilt((items) => items.map((item) => ({ ...item, authorized: 1 })))],
    ['no grant', spoilt((items) => items.map((item) => ({ ...item, grants: [] })))],
    [
      'a grant of an unknown kind',
      spoilt((items) => items.map((item) => ({ ...item, grants: [{ from: 'luck' }] }))),
    ],
    ['one answer too few', spoilt((items) => items.slice(1))],
    ['one answer too many', spoilt((items) => [...items, ...items.slice(1)])],
    ['the answers in another order', spoilt((items) => items.toReversed())],
    ['the same answer twice', spoilt(([first]) => [first, first])],
    [
      'the answer to another request',
      (_, body, response) => {
        response.setHeader('x-request-id', 'another')
        return yes(body)
      },
    ],
    [
      'the answer to a request without an id',
      (_, body, response) => {
        response.removeHeader('x-request-id')
        return yes(body)
      },
    ],
    [
      'a page that happens to be JSON',
      (_, body, response) => {
        response.setHeader('content-type', 'text/html')
        return yes(body)
      },
    ],
    [
      'no content',
      (_, __, response) => {
        response.writeHead(204).end()
        return undefined
      },
    ],
  ]

  test.each(cases)('is %s: every check of it fails', async (_, misbehaviour) => {
    server.misbehave(misbehaviour)
    const outcomes = await Promise.allSettled(questions.map((question) => engine.check(question)))
    for (const outcome of outcomes) {
      expect(outcome).toMatchObject({ reason: { code: 'remote_answer_invalid', kind: 'unavailable' } })
    }
    await expect(engine.checkMany(questions)).rejects.toMatchObject({ code: 'remote_answer_invalid' })
    expect(server.bodies).toHaveLength(2)
  })

  test('is none of these: every check of it is allowed', async () => {
    const decisions = await Promise.all(questions.map((question) => engine.check(question)))
    expect(decisions.map(({ kind }) => kind)).toEqual(['allow', 'allow'])
  })

  test.each([401, 403])(
    'is a %i: the key is at fault, and not the user behind the request',
    async (status) => {
      server.misbehave((_, __, response) => {
        response.statusCode = status
        return { message: 'Unauthorized', code: 'unauthorized', reason: 'api_key_invalid' }
      })
      await expect(engine.check(questionAbout(1))).rejects.toMatchObject({
        code: 'remote_key_refused',
        kind: 'misconfigured',
        message: expect.not.stringContaining('sk_test'),
      })
    },
  )

  test('is a refusal of one check among others: the others are decided', async () => {
    const error = { status: 404, code: 'not_found', reason: 'resource_not_found', message: 'none' }
    server.misbehave(
      spoilt(([first]) => [
        first,
        { index: 1, error: { ...error, details: { noun: 'resource', ref: 'p2' } } },
      ]),
    )
    const [first, second] = await Promise.allSettled(questions.map((question) => engine.check(question)))
    expect(first).toMatchObject({ value: { kind: 'allow' } })
    expect(second).toMatchObject({ reason: { code: 'resource_not_found' } })
  })
})
