import { type CheckOptions, EntityNotFound, type OrganizationId, PermissionUnknown } from '@bailiwick/core'
import {
  type CheckOutcome,
  type EvaluationAnswer,
  type EvaluationRequest,
  type EvaluationsAnswer,
  type EvaluationsRequest,
  type EvaluationsSemantic,
  evaluationAt,
  evaluationRequest,
  parseFields,
  renderPlainError,
} from '@bailiwick/wire'
import { type AskedCheck, decideEach } from '../extensions/decide-each.js'
import type { ReadingEngine } from '../http/reading-engine.js'
import { readQuestion } from './read-question.js'

/** Which decision point is asked, and how new the answer must be. */
export interface Asked {
  /** The organization that the address of the decision point says. */
  readonly within: OrganizationId | undefined
  readonly options: CheckOptions
}

/**
 * Answer one question of AuthZEN. A subject, a resource or an action that is not known is a no.
 *
 * @throws {InputInvalid} when it does not say which organization is meant.
 */
export async function evaluate(
  engine: ReadingEngine,
  request: EvaluationRequest,
  { within, options }: Asked,
): Promise<EvaluationAnswer> {
  const read = readOne(engine, request, within)
  if ('decision' in read) return read
  const [outcome] = await decideEach(engine, [read], options)
  if (outcome?.kind === 'failed' && !isOfUnknown(outcome.error)) throw outcome.error
  return answerOf(outcome)
}

/**
 * Answer several questions of AuthZEN. One that is broken is a no in its place; without any, the request itself is
 * the question.
 */
export async function evaluateAll(
  engine: ReadingEngine,
  request: EvaluationsRequest,
  asked: Asked,
): Promise<EvaluationsAnswer> {
  const { evaluations = [], options } = request
  if (evaluations.length === 0) {
    return evaluate(engine, parseFields(evaluationRequest, request) as EvaluationRequest, asked)
  }
  const reads = evaluations.map((item) => {
    try {
      return readOne(engine, evaluationAt(request, item), asked.within)
    } catch (error) {
      return brokenBy(error)
    }
  })
  const checks = reads.filter((read) => 'question' in read)
  const outcomes = (await decideEach(engine, checks, asked.options)).values()
  const answers = reads.map((read) => ('question' in read ? answerOf(outcomes.next().value) : read))
  return { evaluations: upTo(options?.evaluations_semantic ?? 'execute_all', answers) }
}

function readOne(
  engine: ReadingEngine,
  request: EvaluationRequest,
  within: OrganizationId | undefined,
): AskedCheck | EvaluationAnswer {
  const question = readQuestion(engine.model, request, within)
  return typeof question === 'string' ? no(question) : { question, explain: false }
}

function answerOf(outcome: CheckOutcome | undefined): EvaluationAnswer {
  if (outcome?.kind === 'decided') {
    return outcome.decision.kind === 'allow' ? { decision: true } : no(outcome.decision.reason)
  }
  if (outcome?.kind === 'failed') {
    return isOfUnknown(outcome.error) ? no(outcome.error.code) : brokenBy(outcome.error)
  }
  return no('undecided')
}

function no(reason: string): EvaluationAnswer {
  return { decision: false, context: { reason } }
}

function brokenBy(error: unknown): EvaluationAnswer {
  const { status, body } = renderPlainError(error)
  return { decision: false, context: { error: { status, message: body } } }
}

function isOfUnknown(error: unknown): error is EntityNotFound | PermissionUnknown {
  return error instanceof EntityNotFound || error instanceof PermissionUnknown
}

/** The first answers, up to the one that ends them. */
function upTo(semantic: EvaluationsSemantic, answers: readonly EvaluationAnswer[]): EvaluationAnswer[] {
  if (semantic === 'execute_all') return [...answers]
  const last = answers.findIndex(({ decision }) => decision === (semantic === 'permit_on_first_permit'))
  return last === -1 ? [...answers] : answers.slice(0, last + 1)
}
