import { remoteEngine } from '@bailiwick/client'
import { type AuthorizationEngine, isAuthorizationError } from '@bailiwick/core'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { model, questionAbout } from './questions.js'
import { TcpProxy, type Toxic } from './tcp-proxy.js'
import { startYesServer, type YesServer } from './yes-server.js'

const deadlineMs = 150
/** For what is not about the deadline: however busy the machine is, it does not pass. */
const noDeadlineMs = 60_000
const calls = 60

interface Outcome {
  readonly answer: string
  /** Whether it came after a timer that was set with the question, and was to go off a moment after its deadline. */
  readonly isLate: boolean
}

describe('a network that fails', () => {
  let server: YesServer
  let proxy: TcpProxy
  let engine: AuthorizationEngine

  beforeEach(async () => {
    server = await startYesServer()
    proxy = await TcpProxy.open(server.port)
    engine = await connect(deadlineMs)
  })
  afterEach(async () => {
    await proxy.close()
    await engine.close()
    await server.close()
  })

  function connect(deadlineMs: number): Promise<AuthorizationEngine> {
    return remoteEngine({ url: proxy.url, apiKey: 'sk_test', model, deadlineMs })
  }

  /** Put an engine in the place of the one with the short deadline. */
  async function waitForAnswers(): Promise<void> {
    await engine.close()
    engine = await connect(noDeadlineMs)
  }

  /** Ask one question a turn, each another one, so that each is a request of its own. */
  async function ask(count: number): Promise<readonly Outcome[]> {
    const asked: Promise<Outcome>[] = []
    for (let number = 0; number < count; number++) {
      const asking = engine.check(questionAbout(number))
      // Timers that a machine is late for go off in their order all the same: the deadline, what hears of it, and this.
      let isLate = false
      const tooLate = setTimeout(() => {
        isLate = true
      }, deadlineMs + 50)
      const settled = (answer: string) => {
        clearTimeout(tooLate)
        return { answer, isLate }
      }
      asked.push(
        asking.then(
          ({ kind }) => settled(kind),
          (error: unknown) => settled(isAuthorizationError(error) ? error.code : String(error)),
        ),
      )
      await new Promise(setImmediate)
    }
    return Promise.all(asked)
  }

  function answersOf(outcomes: readonly Outcome[]): readonly string[] {
    return [...new Set(outcomes.map(({ answer }) => answer))].sort()
  }

  test('is not there: every check is allowed', async () => {
    await waitForAnswers()
    const outcomes = await ask(calls)
    expect(answersOf(outcomes)).toEqual(['allow'])
    expect(proxy.requests).toBe(calls)
  })

  const page = (status: string, ...headers: string[]) =>
    `HTTP/1.1 ${status}\r\n${[...headers, 'content-length: 15'].join('\r\n')}\r\n\r\n<p>Sign in!</p>`

  test.each<readonly [string, Toxic]>([
    ['slower than the deadline', { kind: 'latency', ms: 400 }],
    ['a hole that swallows everything', { kind: 'blackhole' }],
    ['a trickle of one byte at a time', { kind: 'dribble', msPerByte: 30 }],
  ])(
    'is %s: nothing is allowed, no question lasts beyond its deadline, and little is sent twice',
    async (_, toxic) => {
      proxy.become(toxic)
      const outcomes = await ask(calls)
      expect(answersOf(outcomes)).toContain('decision_timeout')
      expect(['decision_timeout', 'remote_circuit_open']).toEqual(
        expect.arrayContaining([...answersOf(outcomes)]),
      )
      expect(outcomes.filter(({ isLate }) => isLate)).toEqual([])
      expect(proxy.requests).toBeLessThanOrEqual(calls * 1.1)
    },
  )

  test.each<readonly [string, Toxic, string]>([
    ['reset after each request', { kind: 'reset' }, 'remote_unreachable'],
    ['cut in the middle of each answer', { kind: 'truncate' }, 'remote_unreachable'],
    [
      'a page of a proxy that calls itself a success',
      { kind: 'answer', text: page('200 OK', 'content-type: text/html') },
      'remote_answer_invalid',
    ],
    [
      'a page of a proxy that calls itself JSON',
      { kind: 'answer', text: page('200 OK', 'content-type: application/json') },
      'remote_answer_invalid',
    ],
    [
      'a redirect',
      { kind: 'answer', text: page('301 Moved Permanently', 'location: http://127.0.0.1:1/') },
      'remote_answer_invalid',
    ],
    [
      'a limit that asks to come back in an hour',
      { kind: 'answer', text: page('429 Too Many Requests', 'retry-after: 3600') },
      'remote_overloaded',
    ],
    ['a storm of 503', { kind: 'answer', text: page('503 Service Unavailable') }, 'remote_overloaded'],
  ])(
    'is %s: nothing is allowed, no deadline is waited for, and little is sent twice',
    async (_, toxic, code) => {
      await waitForAnswers()
      proxy.become(toxic)
      const told = answersOf(await ask(calls))
      expect(told).toContain(code)
      expect([code, 'remote_circuit_open']).toEqual(expect.arrayContaining([...told]))
      expect(proxy.requests).toBeLessThanOrEqual(calls * 1.1)
    },
  )

  test('refuses connections: nothing is allowed, and no deadline is waited for', async () => {
    await waitForAnswers()
    await proxy.close()
    expect(answersOf(await ask(calls))).toEqual(['remote_circuit_open', 'remote_unreachable'])
  })

  test('refuses connections: who reads the error knows where', async () => {
    await waitForAnswers()
    const { url } = proxy
    await proxy.close()
    await expect(engine.check(questionAbout(1))).rejects.toMatchObject({
      code: 'remote_unreachable',
      message: `the service at \`${url}\` cannot be reached: connect ECONNREFUSED ${url.slice('http://'.length)}`,
    })
  })

  test.each([
    ['a name that nobody has', () => 'http://authz.invalid', /authz\.invalid/],
    ['TLS where there is none', () => server.url.replace('http:', 'https:'), /wrong version number/],
  ])('leads to %s: nothing is allowed', async (_, url, reason) => {
    const astray = await remoteEngine({ url: url(), apiKey: 'sk_test', model, deadlineMs: noDeadlineMs })
    const [outcome] = await Promise.allSettled([astray.check(questionAbout(1))])
    expect(outcome).toMatchObject({
      reason: { kind: 'unavailable', message: expect.stringMatching(reason) },
    })
    expect(server.requests).toHaveLength(0)
    await astray.close()
  })

  test('adds a latency below the deadline: everything is decided', async () => {
    await waitForAnswers()
    proxy.become({ kind: 'latency', ms: 20 })
    expect(answersOf(await ask(20))).toEqual(['allow'])
  })

  test('has lost half of the connections: repeats find the other half, within their budget', async () => {
    await waitForAnswers()
    await ask(calls)
    proxy.become({ kind: 'half-dead' })
    const before = proxy.requests
    const outcomes = await ask(calls)
    expect(['allow', 'remote_unreachable']).toEqual(expect.arrayContaining([...answersOf(outcomes)]))
    expect(outcomes.filter(({ answer }) => answer === 'allow').length).toBeGreaterThan(calls / 2)
    expect(proxy.requests - before).toBeLessThanOrEqual(calls * 1.1)
  })

  test('has lost half of the connections: no question lasts beyond its deadline', async () => {
    await ask(calls)
    proxy.become({ kind: 'half-dead' })
    const outcomes = await ask(calls)
    expect(outcomes.filter(({ isLate }) => isLate)).toEqual([])
  })

  test('comes back: the next check after a second is allowed again', async () => {
    await waitForAnswers()
    proxy.become({ kind: 'reset' })
    expect(answersOf(await ask(calls))).toContain('remote_circuit_open')
    proxy.become({ kind: 'none' })
    await expect.poll(async () => answersOf(await ask(1))).toEqual(['allow'])
  })
})
