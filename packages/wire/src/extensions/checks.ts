import {
  type AuthorizationError,
  type Decision,
  type Explanation,
  limits,
  PermissionUnknown,
  type SubjectRef,
} from '@bailiwick/core'
import { z } from 'zod'
import { type RenderedError, renderError } from '../errors.js'
import { parseError } from '../parse-error.js'
import { AnswerRowMaker, AnswerRowReader, answerRow } from './answer-rows.js'
import {
  type DecisionJson,
  decision,
  knownReasons,
  parseDecision,
  renderDecision,
  renderUnknownPermission,
} from './decisions.js'
import { explanation, renderExplanation } from './explanations.js'
import { checkQuestion } from './questions.js'
import { onBehalfOf, parseOnBehalfOf } from './subject-fields.js'

/** What our own checks know beside WorkOS's: for whom it is asked, and whether the answer explains itself. */
export const checkExtras = {
  on_behalf_of: onBehalfOf.optional(),
  explain: z.boolean().optional(),
}

type CheckExtrasJson = z.infer<z.ZodObject<typeof checkExtras>>

/** Read for whom a check is asked, and whether to explain it. @throws {InputInvalid} unless each party is one subject. */
export function parseCheckExtras({ on_behalf_of, explain }: CheckExtrasJson): {
  readonly onBehalfOf?: readonly SubjectRef[]
  readonly explain: boolean
} {
  const parties = parseOnBehalfOf(on_behalf_of)
  return { ...(parties === undefined ? {} : { onBehalfOf: parties }), explain: explain ?? false }
}

/** One check of a batch. */
export const batchedCheck = checkQuestion.extend({ explain: z.boolean().optional() })

/** 1 to 100 checks. Each is read on its own, so that one that is broken spoils no other: see `spellOut`. */
export const checksBody = z.object({
  answers: z.enum(['objects', 'rows']).optional(),
  checks: z.array(z.unknown()).min(1).max(limits.checksPerBatch),
})

const failed = z.object({
  error: z.object({
    status: z.int(),
    code: z.string(),
    reason: z.string(),
    message: z.string(),
    errors: z.array(z.object({ field: z.string(), code: z.string(), message: z.string() })).optional(),
    details: z.record(z.string(), z.unknown()).optional(),
  }),
})

/** Which check of the batch an answer is for, from 0 on: an answer must never be taken for that of another check. */
const indexed = z.object({ index: z.int().min(0) })

/** One answer for each check, in the order in which they were asked. */
export const checksAnswer = z.object({
  object: z.literal('list'),
  data: z.array(z.union([z.intersection(indexed, z.union([failed, explanation, decision])), answerRow])),
})
/** The JSON of the answers to a batch. */
export type ChecksAnswerJson = z.infer<typeof checksAnswer>

/** What a check of a batch came to. */
export type CheckOutcome =
  | { readonly kind: 'decided'; readonly decision: Decision }
  | { readonly kind: 'explained'; readonly explanation: Explanation }
  | { readonly kind: 'failed'; readonly error: unknown }

/** Tell what the checks of a batch came to. */
export function renderCheckOutcomes(outcomes: readonly CheckOutcome[]): ChecksAnswerJson {
  return {
    object: 'list',
    data: outcomes.map((outcome, index) => ({ index, ...renderCheckOutcome(outcome) })),
  }
}

/** The same as text, in rows as far as they will do. */
export function writeAnswerRows(outcomes: readonly CheckOutcome[]): string {
  const rows = new AnswerRowMaker()
  const data: unknown[] = []
  for (let index = 0; index < outcomes.length; index++) {
    const outcome = outcomes[index] as CheckOutcome
    const row = outcome.kind === 'decided' ? rows.make(index, outcome.decision) : undefined
    data.push(row ?? { index, ...renderCheckOutcome(outcome) })
  }
  return JSON.stringify({ object: 'list', data })
}

/**
 * Read what the checks of a batch came to.
 *
 * @param questions - What was asked: an answer that is shorter, longer or in another order is none.
 * @returns One for each question: its decision, or why that question alone was not decided.
 * @throws {ZodError | RangeError} for anything else.
 */
export function parseCheckDecisions(
  json: unknown,
  questions: { readonly length: number },
): readonly (Decision | AuthorizationError)[] {
  const data = itemsOf(json)
  if (data.length !== questions.length) {
    throw new RangeError(`${questions.length} checks were asked, and ${data.length} answers came`)
  }
  const rows = new AnswerRowReader(knownReasons)
  return data.map((item: unknown, place) => {
    if (Array.isArray(item)) {
      const decision = rows.read(item, place)
      if (decision === undefined) throw new RangeError(`the answer in place ${place} is no row`)
      return decision
    }
    if (typeof item !== 'object' || item === null || !('index' in item) || item.index !== place) {
      throw new RangeError(`the answer in place ${place} is not that of check ${place}`)
    }
    if ('error' in item) {
      const { error } = failed.parse(item)
      return parseError(error.status, error)
    }
    try {
      return parseDecision(item)
    } catch (error) {
      if (error instanceof PermissionUnknown) return error
      throw error
    }
  })
}

function itemsOf(json: unknown): readonly unknown[] {
  if (
    typeof json === 'object' &&
    json !== null &&
    'object' in json &&
    json.object === 'list' &&
    'data' in json
  ) {
    if (Array.isArray(json.data)) return json.data
  }
  throw new RangeError('the answer is no list')
}

/** Tell what one check of a batch came to. */
export function renderCheckOutcome(outcome: CheckOutcome): z.infer<typeof failed> | DecisionJson {
  if (outcome.kind === 'decided') return renderDecision(outcome.decision)
  if (outcome.kind === 'explained') return renderExplanation(outcome.explanation)
  const { error } = outcome
  if (error instanceof PermissionUnknown) return renderUnknownPermission(error)
  const { status, body }: RenderedError = renderError(error)
  const { code, reason, message, errors, details } = body
  return {
    error: {
      status,
      code,
      reason,
      message,
      ...(errors === undefined ? {} : { errors: [...errors] }),
      ...(details === undefined ? {} : { details }),
    },
  }
}
