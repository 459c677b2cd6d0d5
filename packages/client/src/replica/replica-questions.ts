import type { CheckOptions, OrganizationId, Questions } from '@bailiwick/core'
import type { EmbeddedEngine } from '@bailiwick/engine'
import { atOnce, hereOrElsewhere, inTimeOrElsewhere, orElse } from './elsewhere.js'

/** The copy that may answer a question about this organization now, and as new as it must be; `undefined` for none. */
export type FindCopy = (
  organizationId: OrganizationId,
  options: CheckOptions | undefined,
) => EmbeddedEngine | undefined

/** What questions are answered with. */
export interface QuestionParts {
  readonly copyFor: FindCopy
  /** As `copyFor`, when the server cannot tell and this permission may be answered from what is older. */
  readonly staleCopyFor: (permission: string, ...asked: Parameters<FindCopy>) => EmbeddedEngine | undefined
  readonly server: Questions
  /** How long to wait for an organization that is not in memory, or has to catch up, before the server is asked. */
  readonly patienceMs: number
}

/** Answered here where that can be, and by the server otherwise. */
export function replicaQuestions(parts: QuestionParts): Questions {
  const { copyFor, staleCopyFor, server, patienceMs } = parts
  const answer = <Answer>(
    id: OrganizationId,
    options: CheckOptions | undefined,
    here: (copy: EmbeddedEngine) => Promise<Answer>,
    there: () => Promise<Answer>,
  ): Promise<Answer> => {
    const copy = copyFor(id, options)
    if (copy === undefined) return there()
    return copy.isAtHand(id)
      ? hereOrElsewhere(here(copy), there)
      : inTimeOrElsewhere(here(copy), there, patienceMs)
  }
  const copyAtOnce = (id: OrganizationId) => copyFor(id, undefined)?.atOnce
  return {
    atOnce: {
      check: (question) => atOnce(() => copyAtOnce(question.organizationId)?.check(question)),
      allows: (question) => atOnce(() => copyAtOnce(question.organizationId)?.allows(question)),
      checkMany: () => undefined,
      hasResource: (id, ref) => atOnce(() => copyAtOnce(id)?.hasResource(id, ref)),
      isExcludedSomewhere: (id, permission) =>
        atOnce(() => copyAtOnce(id)?.isExcludedSomewhere(id, permission)),
      // A copy hears of changes a moment later than they are made, and is not believed for long without hearing.
      moment: () => undefined,
    },
    check: async (question, options) => {
      const { organizationId, permission } = question
      // Nearly all questions end here: each promise on the way would cost a tenth of the decision.
      if (options === undefined) {
        const copy = copyFor(organizationId, options)
        const decision = copy && atOnce(() => copy.atOnce.check(question))
        if (decision !== undefined) return decision
      }
      return answer(
        organizationId,
        options,
        (copy) => copy.check(question, options),
        () =>
          orElse(server.check(question, options), () =>
            staleCopyFor(permission, organizationId, options)?.check(question, options),
          ),
      )
    },
    checkMany: (questions, options) => {
      const there = () => server.checkMany(questions, options)
      const copies = questions.map(({ organizationId }) => copyFor(organizationId, options))
      const [copy] = copies
      // One that the server must answer takes the others with it: they are answered at one moment.
      if (copy === undefined || copies.includes(undefined)) return there()
      return inTimeOrElsewhere(copy.checkMany(questions, options), there, patienceMs)
    },
    explain: (question, options) =>
      answer(
        question.organizationId,
        options,
        (copy) => copy.explain(question, options),
        () => server.explain(question, options),
      ),
    listResources: (question, page) =>
      answer(
        question.organizationId,
        page,
        (copy) => copy.listResources(question, page),
        () => server.listResources(question, page),
      ),
    listSubjects: (question, page) =>
      answer(
        question.organizationId,
        page,
        (copy) => copy.listSubjects(question, page),
        () => server.listSubjects(question, page),
      ),
    scope: (question, options) =>
      answer(
        question.organizationId,
        options,
        (copy) => copy.scope(question, options),
        () => server.scope(question, options),
      ),
    effectivePermissions: (question, options) =>
      answer(
        question.organizationId,
        options,
        (copy) => copy.effectivePermissions(question, options),
        () => server.effectivePermissions(question, options),
      ),
    hasResource: (id, ref, options) =>
      answer(
        id,
        options,
        (copy) => copy.hasResource(id, ref, options),
        () => server.hasResource(id, ref, options),
      ),
    isExcludedSomewhere: (id, permission, options) =>
      answer(
        id,
        options,
        (copy) => copy.isExcludedSomewhere(id, permission, options),
        () => server.isExcludedSomewhere(id, permission, options),
      ),
  }
}
