import {
  type Cursor,
  limits,
  type PageOptions,
  type ResourcesQuestion,
  type SubjectsQuestion,
} from '@bailiwick/core'
import { z } from 'zod'
import { externalId, knownSlug, organizationId, resourceId } from '../ids.js'
import { askingFields, parseAsking, renderAsking, type Unplaced } from './questions.js'
import { parseResourceRef, readTarget, renderResourceRef, resourceFields } from './resource-fields.js'
import type { SubjectKeyJson } from './subject-fields.js'

/**
 * Which part of a search's list, ascending by id unless `order` says otherwise. A place is an opaque cursor, good for
 * the same question only, or the id of an item.
 */
export const searchPageFields = {
  limit: z.int().min(1).max(limits.pageSize).optional(),
  after: z.string().min(1).max(1_024).optional(),
  before: z.string().min(1).max(1_024).optional(),
  order: z.enum(['asc', 'desc']).optional(),
}

type SearchPage = Pick<PageOptions, 'limit' | 'after' | 'before' | 'order'>
type SearchPageJson = z.infer<z.ZodObject<typeof searchPageFields>>

/** Say which part of a list is wanted. */
export function renderSearchPage({ limit, after, before, order }: SearchPage): SearchPageJson {
  return {
    ...(limit === undefined ? {} : { limit }),
    ...(after === undefined ? {} : { after }),
    ...(before === undefined ? {} : { before }),
    ...(order === undefined ? {} : { order }),
  }
}

/** Read which part of a list is wanted. */
export function parseSearchPage({ limit, after, before, order }: SearchPageJson): SearchPage {
  return {
    ...(limit === undefined ? {} : { limit }),
    ...(after === undefined ? {} : { after: after as Cursor }),
    ...(before === undefined ? {} : { before: before as Cursor }),
    ...(order === undefined ? {} : { order }),
  }
}

/** Which resources may she? `under` names the one below which is searched, in the same two ways as others. */
export const resourcesQuestion = z.object({
  ...askingFields,
  permission_slug: knownSlug,
  resource_type_slug: knownSlug,
  under_resource_id: resourceId.optional(),
  under_resource_external_id: externalId.optional(),
  under_resource_type_slug: knownSlug.optional(),
  depth: z.enum(['subtree', 'children']).optional(),
  ...searchPageFields,
})
/** The JSON of a search for resources. */
export type ResourcesQuestionJson = z.infer<typeof resourcesQuestion>

/** Ask for resources. */
export function renderResourcesQuestion(
  question: ResourcesQuestion,
  page: SearchPage = {},
): ResourcesQuestionJson {
  const { resource_id, resource_external_id, resource_type_slug } = renderResourceRef(question.under)
  return {
    ...renderAsking(question),
    permission_slug: question.permission,
    resource_type_slug: question.type,
    ...(resource_id === undefined ? {} : { under_resource_id: resource_id }),
    ...(resource_external_id === undefined
      ? {}
      : { under_resource_external_id: resource_external_id, under_resource_type_slug: resource_type_slug }),
    ...(question.depth === undefined ? {} : { depth: question.depth }),
    ...renderSearchPage(page),
  }
}

/** Read a search for resources. @throws {InputInvalid} unless it names one subject, and one place at most. */
export function parseResourcesQuestion(json: ResourcesQuestionJson): Unplaced<ResourcesQuestion> {
  const under = readTarget(
    json.under_resource_id,
    json.under_resource_external_id,
    json.under_resource_type_slug,
    'under_resource',
  )
  return {
    ...parseAsking(json),
    permission: json.permission_slug,
    type: json.resource_type_slug,
    ...(under === undefined ? {} : { under }),
    ...(json.depth === undefined ? {} : { depth: json.depth }),
  }
}

const subjectTypes = [
  'organization_membership',
  'group',
  'agent',
] as const satisfies readonly SubjectKeyJson['type'][]

/** Who may? */
export const subjectsQuestion = z.object({
  organization_id: organizationId.optional(),
  permission_slug: knownSlug,
  ...resourceFields,
  subject_type: z.enum(subjectTypes).optional(),
  access: z.enum(['any', 'direct']).optional(),
  ...searchPageFields,
})
/** The JSON of a search for subjects. */
export type SubjectsQuestionJson = z.infer<typeof subjectsQuestion>

/** Ask for subjects. */
export function renderSubjectsQuestion(
  question: SubjectsQuestion,
  page: SearchPage = {},
): SubjectsQuestionJson {
  const { kind, access } = question
  return {
    organization_id: question.organizationId,
    permission_slug: question.permission,
    ...renderResourceRef(question.resource),
    ...(kind === undefined ? {} : { subject_type: kind === 'membership' ? 'organization_membership' : kind }),
    ...(access === undefined ? {} : { access }),
    ...renderSearchPage(page),
  }
}

/** Read a search for subjects. @throws {InputInvalid} when it names a resource in both ways. */
export function parseSubjectsQuestion(json: SubjectsQuestionJson): Unplaced<SubjectsQuestion> {
  const { organization_id: id, subject_type: type, access } = json
  const resource = parseResourceRef(json)
  return {
    ...(id === undefined ? {} : { organizationId: id }),
    permission: json.permission_slug,
    ...(resource === undefined ? {} : { resource }),
    ...(type === undefined ? {} : { kind: type === 'organization_membership' ? 'membership' : type }),
    ...(access === undefined ? {} : { access }),
  }
}
