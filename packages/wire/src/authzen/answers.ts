import { z } from 'zod'

/** The answer to one question. A no carries its reason in `context`. */
export const evaluationAnswer = z.object({
  decision: z.boolean(),
  context: z.record(z.string(), z.unknown()).optional(),
})
/** The JSON of an answer to one question. */
export type EvaluationAnswer = z.infer<typeof evaluationAnswer>

/** The answers to several questions, in the order of the questions; or to one that came alone. */
export const evaluationsAnswer = z.union([
  z.object({ evaluations: z.array(evaluationAnswer) }),
  evaluationAnswer,
])
/** The JSON of the answers to several questions. */
export type EvaluationsAnswer = z.infer<typeof evaluationsAnswer>

/** Part of the results of a search. */
export function searchAnswer<Result extends z.ZodType>(result: Result) {
  return z.object({
    /** An empty `next_token` says that nothing follows. */
    page: z.object({ next_token: z.string(), count: z.int() }),
    results: z.array(result),
  })
}

/** A subject or a resource that was found. */
export const foundEntity = z.object({ type: z.string(), id: z.string() })
/** The JSON of a subject or a resource that was found. */
export type FoundEntity = z.infer<typeof foundEntity>

/** An action that was found. */
export const foundAction = z.object({ name: z.string() })

/** The JSON of part of the results of a search. */
export interface SearchAnswer<Result> {
  page: { next_token: string; count: number }
  results: Result[]
}

/** Tell part of the results of a search. */
export function renderSearch<Result>(results: readonly Result[], nextToken: string): SearchAnswer<Result> {
  return { page: { next_token: nextToken, count: results.length }, results: [...results] }
}

/** Where this decision point answers what. */
export const decisionPointMetadata = z.object({
  policy_decision_point: z.string(),
  access_evaluation_endpoint: z.string(),
  access_evaluations_endpoint: z.string(),
  search_subject_endpoint: z.string(),
  search_resource_endpoint: z.string(),
  search_action_endpoint: z.string(),
})

/** Tell where a decision point answers what. @param base - Its URL, without a slash at the end. */
export function renderDecisionPoint(base: string): z.infer<typeof decisionPointMetadata> {
  return {
    policy_decision_point: base,
    access_evaluation_endpoint: `${base}/access/v1/evaluation`,
    access_evaluations_endpoint: `${base}/access/v1/evaluations`,
    search_subject_endpoint: `${base}/access/v1/search/subject`,
    search_resource_endpoint: `${base}/access/v1/search/resource`,
    search_action_endpoint: `${base}/access/v1/search/action`,
  }
}
