import { limits } from '@bailiwick/core'
import { z } from 'zod'

// AuthZEN 1.0, sections 5 to 8. What these schemas do not name is ignored, as the specification demands.

const properties = z.record(z.string(), z.unknown()).optional()
const context = properties
const subject = z.object({ type: z.string(), id: z.string(), properties })
const action = z.object({ name: z.string(), properties })
const resource = z.object({ type: z.string(), id: z.string(), properties })

/** May this subject do this with this resource? */
export const evaluationRequest = z.object({ subject, action, resource, context })
/** The JSON of a question of AuthZEN. */
export type EvaluationRequest = z.infer<typeof evaluationRequest>

/** How many of several questions are answered: all, or those up to the first no, or up to the first yes. */
export const evaluationsSemantic = z.enum(['execute_all', 'deny_on_first_deny', 'permit_on_first_permit'])
/** The JSON of how many questions are answered. */
export type EvaluationsSemantic = z.infer<typeof evaluationsSemantic>

/** Several questions. What stands beside them is what those questions have in common that do not say it themselves. */
export const evaluationsRequest = z.object({
  subject: subject.optional(),
  action: action.optional(),
  resource: resource.optional(),
  context,
  /** Each is read on its own, so that one that is broken is a no in its place. */
  evaluations: z.array(z.unknown()).max(limits.checksPerBatch).optional(),
  options: z.object({ evaluations_semantic: evaluationsSemantic.optional() }).optional(),
})
/** The JSON of several questions. */
export type EvaluationsRequest = z.infer<typeof evaluationsRequest>

/** Which part of a search's results. */
const page = z
  .object({ token: z.string().max(2_048).optional(), limit: z.int().min(1).optional(), properties })
  .optional()

// The id of what is searched for is ignored, whatever it is.
const sought = z.object({ type: z.string(), properties })

/** Who may do this with this resource? */
export const subjectSearchRequest = z.object({ subject: sought, action, resource, context, page })
/** With which resources may this subject do this? */
export const resourceSearchRequest = z.object({ subject, action, resource: sought, context, page })
/** What may this subject do with this resource? */
export const actionSearchRequest = z.object({ subject, resource, context, page })

/** The JSON of a search for subjects. */
export type SubjectSearchRequest = z.infer<typeof subjectSearchRequest>
/** The JSON of a search for resources. */
export type ResourceSearchRequest = z.infer<typeof resourceSearchRequest>
/** The JSON of a search for actions. */
export type ActionSearchRequest = z.infer<typeof actionSearchRequest>

/**
 * One of several questions, with what they have in common: whole subjects, actions, resources and contexts, never
 * parts of them.
 *
 * @throws {ZodError} when it lacks one that they have not in common either.
 */
export function evaluationAt(request: EvaluationsRequest, item: unknown): EvaluationRequest {
  const { subject, action, resource, context } = request
  return evaluationRequest.parse({ subject, action, resource, context, ...z.object(overrides).parse(item) })
}

const overrides = {
  subject: z.unknown().optional(),
  action: z.unknown().optional(),
  resource: z.unknown().optional(),
  context: z.unknown().optional(),
}
