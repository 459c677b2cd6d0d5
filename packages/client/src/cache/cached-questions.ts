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

/**
 * The same questions, answered from what is kept where that is new enough.
 *
 * @param least - How new an answer must be to be kept. A service may promise no more than a bound by itself; what holds
 *   until a change is heard of must have seen all that was heard before. Default: as new as the service makes it.
 */
export function cachedQuestions(engine: AskedEngine, cache: AnswerCache, least?: 'latest'): CachedQuestions {
  const flights = new Flights(cache)
  // A request for several is one that nothing joins.
  const canAskAlone = engine.capabilities.batch
  const asNew = (options: CheckOptions | undefined): CheckOptions | undefined =>
    least === undefined || options?.consistency !== undefined ? options : { ...options, consistency: least }
  // How much older than its question an answer within a bound is, nobody here knows.
  const isKept = (how: CheckOptions | undefined) =>
    least === undefined ? how?.consistency !== 'bounded' : how?.consistency === least
  const isFresh = (permission: string) => engine.model.permissions.get(permission)?.fresh === true
  const fact = (
    key: string,
    organizationId: OrganizationId,
    options: CheckOptions | undefined,
    askFor: (how: CheckOptions | undefined) => Promise<boolean>,
  ): boolean | Promise<boolean> => {
    const how = asNew(options)
    const ask = () => askFor(how)
    return (
      flights.kept<boolean>(key, options) ??
      flights.fetch({ key, organizationId, options, isKept: isKept(how), ask, askAlone: ask })
    )
  }

  return {
    async check(question, options) {
      const { organizationId, permission } = question
      if (isFresh(permission)) return engine.check(question, options)
      const key = checkKey(question)
      const how = asNew(options)
      return (
        flights.kept<Decision>(key, options) ??
        flights.fetch({
          key,
          organizationId,
          options,
          isKept: isKept(how),
          ask: () => engine.check(question, how),
          askAlone: canAskAlone ? () => only(engine.checkMany([question], how)) : undefined,
        })
      )
    },

    async checkMany(questions, options) {
      options?.signal?.throwIfAborted()
      const keys = questions.map((question) =>
        isFresh(question.permission) ? undefined : checkKey(question),
      )
      const kept = keptOfOneMoment(cache, questions, keys, options)
      if (kept !== undefined) return kept
      const askings = askAbout(cache, questions)
      const how = asNew(options)
      const decisions = frozen(await engine.checkMany(questions, how))
      for (const [index, { organizationId }] of questions.entries()) {
        const [key, asking] = [keys[index], askings.get(organizationId)]
        if (key !== undefined && asking !== undefined && isKept(how))
          cache.keep(key, { value: decisions[index], asking, token: tokenOf(options) })
      }
      return decisions
    },

    async hasResource(organizationId, ref, options) {
      return fact(resourceKeyIn(organizationId, ref), organizationId, options, (how) =>
        engine.hasResource(organizationId, ref, how),
      )
    },

    async isExcludedSomewhere(organizationId, permission, options) {
      if (isFresh(permission)) return engine.isExcludedSomewhere(organizationId, permission, options)
      return fact(exclusionKey(organizationId, permission), organizationId, options, (how) =>
        engine.isExcludedSomewhere(organizationId, permission, how),
      )
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
