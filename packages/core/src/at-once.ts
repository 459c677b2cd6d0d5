import type { Decision } from './decision.js'
import type { OrganizationId } from './ids.js'
import type { CheckQuestion, ResourceRef } from './question.js'

/**
 * Answers of an engine that need no waiting, by the default consistency: to wait for a promise costs a guard more than
 * the decision. `undefined` says nothing but that the question must be asked. What they throw is what asking rejects
 * with.
 */
export interface AnswersAtOnce {
  check(question: CheckQuestion): Decision | undefined
  /** Whether `check` would allow: without why, which costs more to name than to find out. */
  allows(question: CheckQuestion): boolean | undefined
  /** All of them, at one moment; `undefined` where one of them must be asked. */
  checkMany(questions: readonly CheckQuestion[]): readonly Decision[] | undefined
  hasResource(organizationId: OrganizationId, ref: ResourceRef): boolean | undefined
  isExcludedSomewhere(organizationId: OrganizationId, permission: string): boolean | undefined
  /**
   * For whoever keeps an answer: it is as good as a new one until the moment is over. `undefined` where that cannot be
   * known without asking: then nothing may be kept.
   */
  moment(organizationId: OrganizationId): Moment | undefined
}

/** The time between two changes of an organization. */
export interface Moment {
  /** From the next change on, before whoever makes it is told that it is done, and when the organization is let go. */
  readonly isOver: boolean
}
