import type { Explanation } from '@bailiwick/core'
import { z } from 'zod'
import { organizationId } from '../ids.js'
import { decided, decision, renderDecision, toDecision, unknownPermission } from './decisions.js'
import {
  type CheckQuestionJson,
  checkQuestion,
  parseCheckQuestion,
  renderCheckQuestion,
} from './questions.js'
import { parseResourceAddress, renderResourceAddress, resourceAddress } from './resource-fields.js'

/** What an explained answer carries beside the decision. */
const explained = z.object({
  question: checkQuestion
    .extend({ organization_id: organizationId })
    .refine((json) => isQuestion(json), 'must name one subject, and at most one resource'),
  path: z.array(resourceAddress),
  sentences: z.array(z.string()),
  revision: z.int().min(0),
})

/** The complete form of a decision: the decision itself, and in the same object what led to it. */
export const explanation = z.union([z.intersection(decided, explained), unknownPermission])
/** The JSON of an explanation. */
export type ExplanationJson = z.infer<typeof decided> & z.infer<typeof explained>

/** Tell a decision in full. */
export function renderExplanation(explanation: Explanation): ExplanationJson {
  const { question, decision, path, sentences, revision } = explanation
  return {
    ...renderDecision(decision),
    question: { ...renderCheckQuestion(question), organization_id: question.organizationId },
    path: path.map(renderResourceAddress),
    sentences: [...sentences],
    revision,
  }
}

/**
 * Read an explanation from an answer.
 *
 * @throws {ZodError} for anything that is no explanation.
 * @throws {PermissionUnknown} when the answer says that the model has no such permission.
 */
export function parseExplanation(json: unknown): Explanation {
  const told = decision.parse(json)
  // An unknown permission was not decided, so there is nothing to explain: say so before asking for the rest.
  const decided = toDecision(told)
  const { question, path, sentences, revision } = explained.parse(json)
  return {
    question: { ...parseCheckQuestion(question), organizationId: question.organization_id },
    decision: decided,
    path: path.map(parseResourceAddress),
    sentences,
    revision,
  }
}

function isQuestion(json: CheckQuestionJson): boolean {
  try {
    parseCheckQuestion(json)
    return true
  } catch {
    return false
  }
}
