import type { Cursor, Page, Questions } from '@bailiwick/core'
import {
  explain,
  findEffectivePermissions,
  findPermissionExclusion,
  findResourceExistence,
  findScope,
  parseExplanation,
  parseResourceAddress,
  parseScope,
  parseSubjectKey,
  renderCheckQuestion,
  renderPermissionsQuestion,
  renderResourceRef,
  renderResourcesQuestion,
  renderScopeQuestion,
  renderSubjectsQuestion,
  searchResources,
  searchSubjects,
} from '@bailiwick/wire'
import { askBatch } from '../ask-batch.js'
import { Checks } from '../checks.js'
import type { Service } from '../service.js'

/** What decides, of our server. */
export function remoteQuestions(service: Service): Questions {
  const checks = new Checks(service, askBatch(service))
  return {
    check: (question, options) => checks.check(question, options),
    checkMany: (questions, options) => checks.checkMany(questions, options),

    explain: (question, options) =>
      service.ask(
        { operation: explain, body: renderCheckQuestion(question), read: parseExplanation },
        question.organizationId,
        options,
      ),

    listResources: (question, page) =>
      service.ask(
        {
          operation: searchResources,
          body: renderResourcesQuestion(question, page),
          read: (json) => pageOf(searchResources.schemas.answer.parse(json), parseResourceAddress),
        },
        question.organizationId,
        page,
      ),

    listSubjects: (question, page) =>
      service.ask(
        {
          operation: searchSubjects,
          body: renderSubjectsQuestion(question, page),
          read: (json) => pageOf(searchSubjects.schemas.answer.parse(json), parseSubjectKey),
        },
        question.organizationId,
        page,
      ),

    scope: (question, options) =>
      service.ask(
        { operation: findScope, body: renderScopeQuestion(question), read: parseScope },
        question.organizationId,
        options,
      ),

    effectivePermissions: (question, options) =>
      service.ask(
        {
          operation: findEffectivePermissions,
          body: renderPermissionsQuestion(question),
          read: (json) => findEffectivePermissions.schemas.answer.parse(json).permission_slugs,
        },
        question.organizationId,
        options,
      ),

    hasResource: (organizationId, ref, options) =>
      service.ask(
        {
          operation: findResourceExistence,
          params: { organization_id: organizationId },
          query: { ...renderResourceRef(ref) },
          read: (json) => findResourceExistence.schemas.answer.parse(json).exists,
        },
        organizationId,
        options,
      ),

    isExcludedSomewhere: (organizationId, permission, options) =>
      service.ask(
        {
          operation: findPermissionExclusion,
          params: { organization_id: organizationId, permission_slug: permission },
          read: (json) => findPermissionExclusion.schemas.answer.parse(json).excluded,
        },
        organizationId,
        options,
      ),
  }
}

interface PageJson<Json> {
  readonly data: readonly Json[]
  readonly list_metadata: { readonly before: string | null; readonly after: string | null }
}

function pageOf<Json, Item>({ data, list_metadata }: PageJson<Json>, item: (json: Json) => Item): Page<Item> {
  const { before, after } = list_metadata
  return { items: data.map(item), before: before as Cursor | null, after: after as Cursor | null }
}
