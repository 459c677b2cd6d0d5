import { remoteEngine } from '@bailiwick/client'
import type {
  AuthorizationEngine,
  CheckQuestion,
  ConsistencyToken,
  MembershipId,
  OrganizationId,
} from '@bailiwick/core'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { model, questionAbout } from './questions.js'
import { startYesServer, type YesServer, yes } from './yes-server.js'

describe('checks that are asked together', () => {
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

  /** Hold every answer back until told otherwise. */
  function holdAnswers(): { readonly held: () => number; readonly release: () => void } {
    let release = () => {}
    const released = new Promise<void>((resolve) => {
      release = resolve
    })
    let held = 0
    server.misbehave(async (_, body) => {
      held++
      await released
      return yes(body)
    })
    return { held: () => held, release }
  }

  const ask = (question: CheckQuestion) => engine.check(question)
  const checksOf = (body: unknown) => (body as { readonly checks: readonly unknown[] }).checks

  test('in one turn of the event loop go out as one request', async () => {
    await Promise.all([1, 2, 3].map((number) => engine.check(questionAbout(number))))
    expect(server.bodies.map((body) => checksOf(body).length)).toEqual([3])
  })

  test('in different turns go out as they come', async () => {
    const first = engine.check(questionAbout(1))
    await new Promise(setImmediate)
    await Promise.all([first, engine.check(questionAbout(2))])
    expect(server.bodies.map((body) => checksOf(body).length)).toEqual([1, 1])
  })

  test('beyond a hundred go out as several requests', async () => {
    const decisions = await Promise.all(Array.from({ length: 250 }, (_, n) => engine.check(questionAbout(n))))
    expect(decisions.every(({ kind }) => kind === 'allow')).toBe(true)
    expect(server.bodies.map((body) => checksOf(body).length).sort()).toEqual([100, 100, 50])
  })

  test('and are the same go out once, however many there are', async () => {
    await Promise.all(Array.from({ length: 10_000 }, () => engine.check(questionAbout(1))))
    expect(server.bodies.map((body) => checksOf(body).length)).toEqual([1])
  })

  test('and differ in one thing go out each', async () => {
    const question = questionAbout(1)
    const others = [
      { organizationId: 'org_globex' as OrganizationId },
      { subject: { membershipId: 'om_eve' as MembershipId } },
      { subject: { userId: 'om_ada' } },
      { onBehalfOf: [{ userId: 'eve' }] },
      { permission: 'project:edit' },
      { resource: { type: 'folder', externalId: 'p1' } },
      { resource: { type: 'project', externalId: 'p2' } },
    ]
    await Promise.all([question, ...others.map((other) => ({ ...question, ...other }))].map(ask))
    expect(server.bodies.map((body) => checksOf(body).length)).toEqual([8])
  })

  test('share an answer that is on its way', async () => {
    const answers = holdAnswers()
    const first = engine.check(questionAbout(1))
    await expect.poll(answers.held).toBe(1)
    const second = engine.check(questionAbout(1))
    answers.release()
    await Promise.all([first, second])
    expect(server.bodies).toHaveLength(1)
  })

  test('for the latest share no answer that is on its way: it may be older', async () => {
    const answers = holdAnswers()
    const first = engine.check(questionAbout(1), { consistency: 'latest' })
    await expect.poll(answers.held).toBe(1)
    const second = engine.check(questionAbout(1), { consistency: 'latest' })
    await expect.poll(answers.held).toBe(2)
    answers.release()
    await Promise.all([first, second])
  })

  test('keep nothing once they are answered', async () => {
    await engine.check(questionAbout(1))
    await engine.check(questionAbout(1))
    expect(server.bodies).toHaveLength(2)
  })

  test('at least as new as one token carry it, as two different ones ask for the latest', async () => {
    const at = (token: string) => ({ consistency: { atLeast: token as ConsistencyToken } })
    const asked = (index: number) => server.requests[index]?.headers['bailiwick-consistency']
    await engine.check(questionAbout(1))
    await engine.check(questionAbout(1), at('one'))
    await Promise.all([engine.check(questionAbout(1), at('one')), engine.check(questionAbout(2), at('two'))])
    expect([0, 1, 2].map(asked)).toEqual([undefined, 'one', 'latest'])
  })

  test('within a bound say so only where all of them are', async () => {
    const bounded = { consistency: 'bounded' } as const
    await Promise.all([engine.check(questionAbout(1), bounded), engine.check(questionAbout(2), bounded)])
    await Promise.all([engine.check(questionAbout(3), bounded), engine.check(questionAbout(4))])
    await Promise.all([engine.check(questionAbout(5)), engine.check(questionAbout(6), bounded)])
    const asked = server.requests.map(({ headers }) => headers['bailiwick-consistency'])
    expect(asked).toEqual(['bounded', undefined, undefined])
  })

  describe('of which one is called off', () => {
    test('the other one goes on', async () => {
      const answers = holdAnswers()
      const leaving = new AbortController()
      const [gone, stays] = [
        engine.check(questionAbout(1), { signal: leaving.signal }),
        engine.check(questionAbout(1)),
      ]
      await expect.poll(answers.held).toBe(1)
      leaving.abort(new Error('no longer wanted'))
      await expect(gone).rejects.toThrow('no longer wanted')
      answers.release()
      expect((await stays).kind).toBe('allow')
    })

    test('as the last, the request is dropped', async () => {
      const answers = holdAnswers()
      const leaving = new AbortController()
      const gone = engine.check(questionAbout(1), { signal: leaving.signal })
      await expect.poll(answers.held).toBe(1)
      const closed = new Promise((resolve) => server.requests[0]?.socket.once('close', resolve))
      leaving.abort(new Error('no longer wanted'))
      await expect(gone).rejects.toThrow('no longer wanted')
      await closed
      answers.release()
    })

    test('before it went out, it never does', async () => {
      const leaving = new AbortController()
      const gone = engine.check(questionAbout(1), { signal: leaving.signal })
      leaving.abort(new Error('no longer wanted'))
      await expect(gone).rejects.toThrow('no longer wanted')
      await engine.check(questionAbout(2))
      expect(server.bodies).toHaveLength(1)
    })

    test('before it was asked, it is not asked', async () => {
      await expect(
        engine.check(questionAbout(1), { signal: AbortSignal.abort(new Error('already')) }),
      ).rejects.toThrow('already')
      expect(server.bodies).toHaveLength(0)
    })
  })

  test('beyond what may be under way and wait are refused before anything is sent', async () => {
    const narrow = await remoteEngine({
      url: server.url,
      apiKey: 'sk_test',
      model,
      deadlineMs: 60_000,
      concurrency: 1,
      queue: 1,
    })
    const answers = holdAnswers()
    const ends: string[] = []
    for (let number = 0; number < 3; number++) {
      narrow.check(questionAbout(number)).then(
        ({ kind }) => ends.push(kind),
        ({ code }) => ends.push(code),
      )
      await new Promise(setImmediate)
    }
    await expect.poll(() => ends).toEqual(['remote_overloaded'])
    expect(server.requests.length).toBeLessThan(2)
    answers.release()
    await expect.poll(() => ends).toEqual(['remote_overloaded', 'allow', 'allow'])
    await narrow.close()
  })
})
