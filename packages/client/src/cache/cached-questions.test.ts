import { type CheckOptions, type CheckQuestion, type Decision, defineModel } from '@bailiwick/core'
import { beforeEach, describe, expect, test } from 'vitest'
import { capabilitiesOf } from '../remote/capabilities.js'
import { AnswerCache } from './answer-cache.js'
import { type AskedEngine, type CachedQuestions, cachedQuestions } from './cached-questions.js'

const acme = 'org_acme' as CheckQuestion['organizationId']
const globex = 'org_globex' as typeof acme
const ask = (permission = 'doc:edit', organizationId = acme): CheckQuestion => ({
  organizationId,
  permission,
  subject: { userId: 'ann' },
})
const atLeast = (token: string) => ({ consistency: { atLeast: token as never } })

const model = defineModel({
  resourceTypes: {},
  permissions: {
    'doc:edit': 'organization',
    'doc:view': 'organization',
    'doc:shred': { on: 'organization', fresh: true },
  },
  roles: {},
})

let now: number
/** Until when every change has been heard of. */
let completeAt: number
let answer: Decision['kind'] | 'error'
let asked: (CheckOptions | undefined)[]
let sent: string[]
let hold: Promise<unknown> | undefined
let cache: AnswerCache
let engine: CachedQuestions

function open(maxAgeMs = 1_000, max = 100, batch = true): void {
  cache = new AnswerCache({ maxAgeMs, max, clock: () => now, completeAt: () => completeAt })
  const decide = async (way: string, options: CheckOptions | undefined): Promise<Decision> => {
    asked.push(options)
    sent.push(way)
    const decided = answer
    await hold
    if (decided === 'error') throw new Error('nothing came')
    return decided === 'allow'
      ? { kind: 'allow', grants: [{ from: 'service', organizationId: acme, permission: 'doc:edit' }] }
      : { kind: 'deny', reason: 'no_grant', nearestMisses: [] }
  }
  const behind: AskedEngine = {
    model,
    capabilities: { ...capabilitiesOf.bailiwick, batch },
    check: (_, options) => decide('check', options),
    checkMany: (questions, options) => Promise.all(questions.map(() => decide('many', options))),
    hasResource: async (_, __, options) => (await decide('resource', options)).kind === 'allow',
    isExcludedSomewhere: async (_, __, options) => (await decide('exclusion', options)).kind === 'allow',
  }
  engine = cachedQuestions(behind, cache)
}

beforeEach(() => {
  now = 0
  completeAt = Number.NEGATIVE_INFINITY
  answer = 'allow'
  asked = []
  sent = []
  hold = undefined
  open()
})

const kindOf = async (...parameters: Parameters<CachedQuestions['check']>) =>
  (await engine.check(...parameters)).kind

describe('an answer that is kept', () => {
  test.each(['allow', 'deny'] as const)('is given again, an %s as well', async (kind) => {
    answer = kind
    expect(await kindOf(ask())).toBe(kind)
    answer = kind === 'allow' ? 'deny' : 'allow'
    expect(await kindOf(ask())).toBe(kind)
    expect(await kindOf(ask('doc:view'))).toBe(answer)
    expect(sent).toHaveLength(2)
  })

  test('is good until it is too old, counted from when it was asked for', async () => {
    let arrive = () => {}
    hold = new Promise<void>((resolve) => {
      arrive = resolve
    })
    const first = kindOf(ask())
    now = 800
    arrive()
    expect(await first).toBe('allow')
    answer = 'deny'
    now = 1_000
    expect(await kindOf(ask())).toBe('allow')
    now = 1_001
    expect(await kindOf(ask())).toBe('deny')
  })

  test('is as old as the first of those with whom it may be shared', async () => {
    let arrive = () => {}
    hold = new Promise<void>((resolve) => {
      arrive = resolve
    })
    const first = kindOf(ask())
    now = 100
    const second = kindOf(ask())
    arrive()
    await Promise.all([first, second])
    answer = 'deny'
    now = 1_050
    expect(await kindOf(ask())).toBe('deny')
  })

  test('is good for longer where it is known that nothing has changed', async () => {
    await kindOf(ask())
    answer = 'deny'
    now = 5_000
    completeAt = 4_000
    expect(await kindOf(ask())).toBe('allow')
    now = 5_001
    expect(await kindOf(ask())).toBe('deny')
  })

  test('ends with a change of its organization, and of no other', async () => {
    await kindOf(ask())
    await kindOf(ask('doc:edit', globex))
    answer = 'deny'
    cache.changed(acme)
    expect(await kindOf(ask())).toBe('deny')
    expect(await kindOf(ask('doc:edit', globex))).toBe('allow')
    cache.clear()
    expect(await kindOf(ask('doc:edit', globex))).toBe('deny')
  })

  test('ends when its organization gives way to others', async () => {
    open(1_000, 2)
    await kindOf(ask())
    for (const other of ['org_1', 'org_2', 'org_3']) cache.ask(other as typeof acme)
    answer = 'deny'
    expect(await kindOf(ask())).toBe('deny')
  })

  test('cannot be changed by who gets it', async () => {
    const decision = (await engine.check(ask())) as unknown as {
      kind: string
      grants: { permission: string }[]
    }
    expect(() => {
      decision.kind = 'deny'
    }).toThrow(TypeError)
    expect(() => decision.grants.pop()).toThrow(TypeError)
  })
})

describe('nothing is kept', () => {
  test('of an error', async () => {
    answer = 'error'
    await expect(engine.check(ask())).rejects.toThrow('nothing came')
    answer = 'allow'
    expect(await kindOf(ask())).toBe('allow')
  })

  test('of a permission that is marked fresh', async () => {
    await kindOf(ask('doc:shred'))
    await engine.checkMany([ask('doc:shred')])
    answer = 'deny'
    expect(await kindOf(ask('doc:shred'))).toBe('deny')
    expect((await engine.checkMany([ask('doc:shred')]))[0]?.kind).toBe('deny')
  })

  test('that was asked for before a change, whenever it comes', async () => {
    let arrive = () => {}
    hold = new Promise<void>((resolve) => {
      arrive = resolve
    })
    const late = kindOf(ask())
    cache.changed(acme)
    answer = 'deny'
    // In a request of its own: what is on its way is from before the change.
    hold = undefined
    expect(await kindOf(ask())).toBe('deny')
    expect(sent).toEqual(['check', 'many'])
    arrive()
    expect(await late).toBe('allow')
    expect(await kindOf(ask())).toBe('deny')
    expect(sent).toHaveLength(2)
  })

  test('that may be from before a change, where no request can be had of its own', async () => {
    open(1_000, 100, false)
    let arrive = () => {}
    hold = new Promise<void>((resolve) => {
      arrive = resolve
    })
    const late = kindOf(ask())
    cache.changed(acme)
    const second = kindOf(ask())
    arrive()
    await Promise.all([late, second])
    answer = 'deny'
    expect(await kindOf(ask())).toBe('deny')
  })
})

describe('who wants it as new as', () => {
  test('the latest, asks; and what comes is kept for others', async () => {
    await kindOf(ask())
    answer = 'deny'
    expect(await kindOf(ask(), { consistency: 'latest' })).toBe('deny')
    expect(await kindOf(ask())).toBe('deny')
    expect(asked).toEqual([undefined, { consistency: 'latest' }])
  })

  test('within a bound, is given what is kept; what comes is not kept, since nobody knows how old it is', async () => {
    expect(await kindOf(ask(), { consistency: 'bounded' })).toBe('allow')
    await engine.checkMany([ask()], { consistency: 'bounded' })
    answer = 'deny'
    expect(await kindOf(ask())).toBe('deny')
    expect(await kindOf(ask(), { consistency: 'bounded' })).toBe('deny')
    expect(sent).toHaveLength(3)
  })

  test('a token, is given what was asked for with that very token, and asks otherwise', async () => {
    await kindOf(ask())
    expect(await kindOf(ask(), atLeast('one'))).toBe('allow')
    answer = 'deny'
    expect(await kindOf(ask(), atLeast('one'))).toBe('allow')
    expect(await kindOf(ask(), atLeast('two'))).toBe('deny')
    expect(await kindOf(ask())).toBe('deny')
    expect(sent).toHaveLength(3)
  })

  test('the token of the last own write, is given whatever was asked for since then', async () => {
    await kindOf(ask())
    cache.changed(acme, 'written' as never)
    answer = 'deny'
    expect(await kindOf(ask())).toBe('deny')
    expect(await kindOf(ask(), atLeast('written'))).toBe('deny')
    expect(sent).toHaveLength(2)
  })
})

describe('several at once', () => {
  test('are answered from what came together, and are otherwise asked together', async () => {
    const both = [ask(), ask('doc:view')]
    await engine.checkMany(both)
    await engine.checkMany(both)
    expect(sent).toEqual(['many', 'many'])
    expect(await kindOf(ask())).toBe('allow')
    expect(sent).toHaveLength(2)
    cache.changed(acme)
    // One by one they may be of different moments.
    await kindOf(ask())
    await kindOf(ask('doc:view'))
    await engine.checkMany(both)
    expect(sent.slice(2)).toEqual(['check', 'check', 'many', 'many'])
    expect(await engine.checkMany([])).toEqual([])
  })

  test('give decisions that nobody can change for others', async () => {
    const [first] = await engine.checkMany([ask(), ask('doc:view')])
    expect(() => Object.assign(first as Decision, { kind: 'deny' })).toThrow(TypeError)
    expect(await kindOf(ask())).toBe('allow')
  })

  test('about two organizations need one moment in each', async () => {
    await kindOf(ask())
    await kindOf(ask('doc:edit', globex))
    await engine.checkMany([ask(), ask('doc:edit', globex)])
    expect(sent).toEqual(['check', 'check'])
  })
})

test('where a resource is, and what is excluded, is kept as well', async () => {
  const ref = { type: 'doc', externalId: 'x' }
  expect(await engine.hasResource(acme, ref)).toBe(true)
  expect(await engine.isExcludedSomewhere(acme, 'doc:edit')).toBe(true)
  answer = 'deny'
  expect(await engine.hasResource(acme, ref)).toBe(true)
  expect(await engine.isExcludedSomewhere(acme, 'doc:edit')).toBe(true)
  cache.changed(acme)
  expect(await engine.hasResource(acme, ref)).toBe(false)
  expect(await engine.isExcludedSomewhere(acme, 'doc:edit')).toBe(false)
})

test('who has given up gets nothing, kept or not', async () => {
  await kindOf(ask())
  const signal = AbortSignal.abort(new Error('gone'))
  await expect(engine.check(ask(), { signal })).rejects.toThrow('gone')
  await expect(engine.checkMany([ask()], { signal })).rejects.toThrow('gone')
})
