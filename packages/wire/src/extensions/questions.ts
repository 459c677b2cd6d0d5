import type {
  CheckQuestion,
  GroupId,
  MembershipId,
  OrganizationId,
  PermissionsQuestion,
  ResourceId,
  ScopeQuestion,
} from '@bailiwick/core'
import { z } from 'zod'
import { knownSlug, organizationId } from '../ids.js'
import { parseResourceRef, renderResourceRef, resourceFields } from './resource-fields.js'
import {
  onBehalfOf,
  parseOnBehalfOf,
  parseSubjectRef,
  renderSubjectRef,
  type SubjectFieldsJson,
  subjectFields,
} from './subject-fields.js'

/**
 * A question as read from a request. Whoever names the subject by an id of ours may leave the organization out:
 * the id belongs to one.
 */
export type Unplaced<Question extends { readonly organizationId: OrganizationId }> = Omit<
  Question,
  'organizationId'
> & { readonly organizationId?: OrganizationId }

/** An id by which the organization of a question can be found. */
export type PlacingId = MembershipId | GroupId | ResourceId

/** The fields of every question: who asks, and for whom. */
export const askingFields = {
  organization_id: organizationId.optional(),
  ...subjectFields,
  on_behalf_of: onBehalfOf.optional(),
}

/** May she? */
export const checkQuestion = z.object({ ...askingFields, permission_slug: knownSlug, ...resourceFields })
/** The JSON of a check's question. */
export type CheckQuestionJson = z.infer<typeof checkQuestion>

/** Ask a check. */
export function renderCheckQuestion(question: CheckQuestion): CheckQuestionJson {
  return {
    ...renderAsking(question),
    permission_slug: question.permission,
    ...renderResourceRef(question.resource),
  }
}

/** Read a check's question. @throws {InputInvalid} unless it names one subject, and at most one resource. */
export function parseCheckQuestion(json: CheckQuestionJson): Unplaced<CheckQuestion> {
  const resource = parseResourceRef(json)
  return {
    ...parseAsking(json),
    permission: json.permission_slug,
    ...(resource === undefined ? {} : { resource }),
  }
}

/** What may she, here? */
export const permissionsQuestion = z.object({ ...askingFields, ...resourceFields })
/** The JSON of the question for effective permissions. */
export type PermissionsQuestionJson = z.infer<typeof permissionsQuestion>

/** Ask for effective permissions. */
export function renderPermissionsQuestion(question: PermissionsQuestion): PermissionsQuestionJson {
  return { ...renderAsking(question), ...renderResourceRef(question.resource) }
}

/** Read the question for effective permissions. @throws {InputInvalid} as `parseCheckQuestion` does. */
export function parsePermissionsQuestion(json: PermissionsQuestionJson): Unplaced<PermissionsQuestion> {
  const resource = parseResourceRef(json)
  return { ...parseAsking(json), ...(resource === undefined ? {} : { resource }) }
}

/** Which resources of a type may she, as a condition for a database? */
export const scopeQuestion = z.object({
  ...askingFields,
  permission_slug: knownSlug,
  resource_type_slug: knownSlug,
})
/** The JSON of the question for a scope. */
export type ScopeQuestionJson = z.infer<typeof scopeQuestion>

/** Ask for a scope. */
export function renderScopeQuestion(question: ScopeQuestion): ScopeQuestionJson {
  return {
    ...renderAsking(question),
    permission_slug: question.permission,
    resource_type_slug: question.type,
  }
}

/** Read the question for a scope. @throws {InputInvalid} unless it names one subject. */
export function parseScopeQuestion(json: ScopeQuestionJson): Unplaced<ScopeQuestion> {
  return { ...parseAsking(json), permission: json.permission_slug, type: json.resource_type_slug }
}

type AskingJson = z.infer<z.ZodObject<typeof askingFields>>
type Asking = Pick<CheckQuestion, 'organizationId' | 'subject' | 'onBehalfOf'>

/** Name who asks in a request, and for whom. */
export function renderAsking({ organizationId, subject, onBehalfOf }: Asking): AskingJson {
  return {
    organization_id: organizationId,
    ...renderSubjectRef(subject),
    ...(onBehalfOf === undefined ? {} : { on_behalf_of: onBehalfOf.map(renderSubjectRef) }),
  }
}

/** Read who asks, and for whom. @throws {InputInvalid} unless one subject is named. */
export function parseAsking(json: AskingJson): Unplaced<Asking> {
  const parties = parseOnBehalfOf(json.on_behalf_of as readonly SubjectFieldsJson[] | undefined)
  return {
    ...(json.organization_id === undefined ? {} : { organizationId: json.organization_id }),
    subject: parseSubjectRef(json),
    ...(parties === undefined ? {} : { onBehalfOf: parties }),
  }
}
