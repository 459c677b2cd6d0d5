import {
  type AuthorizationEngine,
  type CheckOptions,
  isAuthorizationError,
  type OrganizationId,
} from '@bailiwick/core'
import type { EmbeddedEngine } from '@bailiwick/engine'

/** What decides. */
export type Questions = Pick<
  AuthorizationEngine,
  | 'check'
  | 'checkMany'
  | 'explain'
  | 'listResources'
  | 'listSubjects'
  | 'scope'
  | 'effectivePermissions'
  | 'hasResource'
  | 'isExcludedSomewhere'
>

/** The copy that may answer a question about this organization now, and as new as it must be; `undefined` for none. */
export type FindCopy = (
  organizationId: OrganizationId,
  options: CheckOptions | undefined,
) => EmbeddedEngine | undefined

/** Answered here where that can be, and by the server otherwise. */
export function replicaQuestions(copyFor: FindCopy, server: Questions): Questions {
  return {
    check: (question, options) => {
      const ask = () => server.check(question, options)
      const copy = copyFor(question.organizationId, options)
      return copy === undefined ? ask() : copy.check(question, options).catch(elsewhere(ask))
    },
    checkMany: (questions, options) => {
      const ask = () => server.checkMany(questions, options)
      const copies = questions.map(({ organizationId }) => copyFor(organizationId, options))
      const [copy] = copies
      // One that the server must answer takes the others with it: they are answered at one moment.
      if (copy === undefined || copies.includes(undefined)) return ask()
      return copy.checkMany(questions, options).catch(elsewhere(ask))
    },
    explain: (question, options) => {
      const ask = () => server.explain(question, options)
      const copy = copyFor(question.organizationId, options)
      return copy === undefined ? ask() : copy.explain(question, options).catch(elsewhere(ask))
    },
    listResources: (question, page) => {
      const ask = () => server.listResources(question, page)
      const copy = copyFor(question.organizationId, page)
      return copy === undefined ? ask() : copy.listResources(question, page).catch(elsewhere(ask))
    },
    listSubjects: (question, page) => {
      const ask = () => server.listSubjects(question, page)
      const copy = copyFor(question.organizationId, page)
      return copy === undefined ? ask() : copy.listSubjects(question, page).catch(elsewhere(ask))
    },
    scope: (question, options) => {
      const ask = () => server.scope(question, options)
      const copy = copyFor(question.organizationId, options)
      return copy === undefined ? ask() : copy.scope(question, options).catch(elsewhere(ask))
    },
    effectivePermissions: (question, options) => {
      const ask = () => server.effectivePermissions(question, options)
      const copy = copyFor(question.organizationId, options)
      return copy === undefined ? ask() : copy.effectivePermissions(question, options).catch(elsewhere(ask))
    },
    hasResource: (id, ref, options) => {
      const ask = () => server.hasResource(id, ref, options)
      const copy = copyFor(id, options)
      return copy === undefined ? ask() : copy.hasResource(id, ref, options).catch(elsewhere(ask))
    },
    isExcludedSomewhere: (id, permission, options) => {
      const ask = () => server.isExcludedSomewhere(id, permission, options)
      const copy = copyFor(id, options)
      return copy === undefined
        ? ask()
        : copy.isExcludedSomewhere(id, permission, options).catch(elsewhere(ask))
    },
  }
}

/** A copy that cannot tell (half of it has not come, or does not fit) leaves it to the server. A refusal is an answer. */
function elsewhere<Answer>(ask: () => Promise<Answer>): (error: unknown) => Promise<Answer> {
  return (error) => {
    const isAnswer = isAuthorizationError(error) && error.kind !== 'unavailable'
    return isAnswer ? Promise.reject(error) : ask()
  }
}
