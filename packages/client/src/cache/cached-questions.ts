import type {
  AuthorizationEngine,
  CheckOptions,
  CheckQuestion,
  Decision,
  OrganizationId,
} from '@bailiwick/core'
import type { RemoteEngine } from '../remote/capabilities.js'
import type { AnswerCache, Asking } from './answer-cache.js'
import { Flights, isEnough, tokenOf } from './flights.js'
import { frozen } from './frozen.js'
import { checkKey, exclusionKey, resourceKeyIn } from './question-key.js'

/** The questions whose answers are kept: those that stand before every request. */
export type CachedQuestions = Pick<
  AuthorizationEngine,
  'check' | 'checkMany' | 'hasResource' | 'isExcludedSomewhere'
>

/** Who is asked when nothing is kept. */
export type AskedEngine = CachedQuestions & Pick<RemoteEngine, 'model' | 'capabilities'>

/** The same questions, answered from what is kept where that is new enough. */
export function cachedQuestions(engine: AskedEngine, cache: AnswerCache): CachedQuestions {
  const flights = new Flights(cache)
  // A request for several is one that nothing joins.
  const canAskAlone = engine.capabilities.batch
  const isFresh = (permission: string) => engine.model.permissions.get(permission)?.fresh === true

  return {
    async check(question, options) {
      const { organizationId, permission } = question
      if (isFresh(permission)) return engine.check(question, options)
      return flights.answer({
        key: checkKey(question),
        organizationId,
        options,
        ask: () => engine.check(question, options),
        askAlone: canAskAlone ? () => only(engine.checkMany([question], options)) : undefined,
      })
    },

    async checkMany(questions, options) {
      options?.signal?.throwIfAborted()
      const keys = questions.map((question) =>
        isFresh(question.permission) ? undefined : checkKey(question),
      )
      const kept = keptOfOneMoment(cache, questions, keys, options)
      if (kept !== undefined) return kept
      const askings = askAbout(cache, questions)
      const decisions = frozen(await engine.checkMany(questions, options))
      for (const [index, { organizationId }] of questions.entries()) {
        const [key, asking] = [keys[index], askings.get(organizationId)]
        if (key !== undefined && asking !== undefined)
          cache.keep(key, { value: decisions[index], asking, token: tokenOf(options) })
      }
      return decisions
    },

    async hasResource(organizationId, ref, options) {
      const ask = () => engine.hasResource(organizationId, ref, options)
      return flights.answer({
        key: resourceKeyIn(organizationId, ref),
        organizationId,
        options,
        ask,
        askAlone: ask,
      })
    },

    async isExcludedSomewhere(organizationId, permission, options) {
      const ask = () => engine.isExcludedSomewhere(organizationId, permission, options)
      if (isFresh(permission)) return ask()
      return flights.answer({
        key: exclusionKey(organizationId, permission),
        organizationId,
        options,
        ask,
        askAlone: ask,
      })
    },
  }
}

async function only(decisions: Promise<readonly Decision[]>): Promise<Decision> {
  const [decision] = await decisions
  return decision as Decision
}

/**
 * The answers to all of them, if those about one organization were given at one moment: so they are promised, and
 * answers that were kept one by one may contradict each other.
 */
function keptOfOneMoment(
  cache: AnswerCache,
  questions: readonly CheckQuestion[],
  keys: readonly (string | undefined)[],
  options: CheckOptions | undefined,
): readonly Decision[] | undefined {
  const moments = new Map<OrganizationId, Asking>()
  const decisions: Decision[] = []
  for (const [index, { organizationId }] of questions.entries()) {
    const key = keys[index]
    const kept = key === undefined ? undefined : cache.get(key)
    if (kept === undefined || !isEnough(kept, options)) return undefined
    const moment = moments.get(organizationId) ?? kept.asking
    if (moment !== kept.asking) return undefined
    moments.set(organizationId, moment)
    decisions.push(kept.value as Decision)
  }
  return decisions
}

function askAbout(
  cache: AnswerCache,
  questions: readonly CheckQuestion[],
): ReadonlyMap<OrganizationId, Asking> {
  const ids = new Set(questions.map(({ organizationId }) => organizationId))
  return new Map([...ids].map((id) => [id, cache.ask(id)]))
}
