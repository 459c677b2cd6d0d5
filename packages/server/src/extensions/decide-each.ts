import {
  type CheckOptions,
  type CheckQuestion,
  ConsistencyTokenInvalid,
  type Decision,
  isAuthorizationError,
  type ServiceEngine,
} from '@bailiwick/core'
import type { CheckOutcome, Unplaced } from '@bailiwick/wire'
import { isPlaced, placeQuestion } from './place-question.js'

/** One check of several. */
export interface AskedCheck {
  readonly question: Unplaced<CheckQuestion>
  /** Whether the answer explains itself. */
  readonly explain: boolean
}

/** One that could not be read, and why. */
export interface UnreadCheck {
  readonly error: unknown
}

/** What deciding asks of an engine. */
export type Decider = Pick<ServiceEngine, 'model' | 'check' | 'checkMany' | 'explain' | 'organizationOf'>

/**
 * Decide several checks, each on its own: what is wrong with one spoils no other. Those that need no explanation are
 * decided together, so that those about one organization are decided at one moment.
 *
 * @throws what concerns them all: what is `unavailable`, and a consistency token that is none.
 */
export async function decideEach(
  engine: Decider,
  asked: readonly (AskedCheck | UnreadCheck)[],
  options: CheckOptions,
): Promise<readonly CheckOutcome[]> {
  const outcomes: CheckOutcome[] = []
  const together: { readonly place: number; readonly question: CheckQuestion }[] = []
  for (const [place, check] of asked.entries()) {
    // Most are known to be of this kind at once, and a hundred promises would cost more than their decisions.
    if (isReady(engine, check)) {
      outcomes.push(undecided)
      together.push({ place, question: check.question })
      continue
    }
    outcomes.push(
      await settle(async () => {
        if ('error' in check) throw check.error
        const question = await placeQuestion<CheckQuestion>(engine, check.question, options)
        if (check.explain) return { kind: 'explained', explanation: await engine.explain(question, options) }
        engine.model.permission(question.permission)
        together.push({ place, question })
        return undecided
      }),
    )
  }
  const decided = await decideTogether(
    engine,
    together.map(({ question }) => question),
    options,
  )
  for (const [at, { place }] of together.entries()) outcomes[place] = decided[at] ?? undecided
  return outcomes
}

/** Whether nothing is in the way of deciding a check together with others. */
function isReady(
  { model }: Decider,
  check: AskedCheck | UnreadCheck,
): check is AskedCheck & { readonly question: CheckQuestion } {
  if ('error' in check || check.explain || !isPlaced<CheckQuestion>(check.question)) return false
  return model.permissions.has(check.question.permission)
}

// Stands until the check is decided, so that one which is forgotten is never an allow.
const undecided: CheckOutcome = { kind: 'failed', error: new Error('a check was not decided') }

async function decideTogether(
  engine: Decider,
  questions: readonly CheckQuestion[],
  options: CheckOptions,
): Promise<readonly CheckOutcome[]> {
  if (questions.length === 0) return []
  try {
    return (await engine.checkMany(questions, options)).map(decidedAs)
  } catch (error) {
    if (!isOneQuestions(error)) throw error
    // One question is at fault, and the engine answers all or none: ask one by one, and find out which.
    return Promise.all(
      questions.map((question) => settle(async () => decidedAs(await engine.check(question, options)))),
    )
  }
}

async function settle(decide: () => Promise<CheckOutcome>): Promise<CheckOutcome> {
  try {
    return await decide()
  } catch (error) {
    if (!isOneQuestions(error)) throw error
    return { kind: 'failed', error }
  }
}

/** What a check came to that was decided. */
export function decidedAs(decision: Decision): CheckOutcome {
  return { kind: 'decided', decision }
}

// How new the answer must be is said once, for all of them.
function isOneQuestions(error: unknown): boolean {
  return (
    isAuthorizationError(error) && error.kind !== 'unavailable' && !(error instanceof ConsistencyTokenInvalid)
  )
}
