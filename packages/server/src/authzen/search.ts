import {
  EntityNotFound,
  type OrganizationId,
  type PermissionsQuestion,
  PermissionUnknown,
  type ResourcesQuestion,
  type SubjectKey,
  type SubjectsQuestion,
} from '@bailiwick/core'
import {
  type ActionSearchRequest,
  type FoundEntity,
  type ResourceSearchRequest,
  renderSearch,
  type SearchAnswer,
  type SubjectSearchRequest,
} from '@bailiwick/wire'
import { placeQuestion } from '../extensions/place-question.js'
import type { ReadingEngine } from '../http/reading-engine.js'
import type { Asked } from './evaluate.js'
import { nextToken, readPage } from './page-token.js'
import { isAgentType, readOrganization, readResource, readSubject } from './read-question.js'

/** Who may do this with this resource? Who or what is not known is nobody's. */
export function searchSubjects(
  engine: ReadingEngine,
  { subject, action, resource, context, page }: SubjectSearchRequest,
  { within, options }: Asked,
): Promise<SearchAnswer<FoundEntity>> {
  return knownOnly(async () => {
    const kind = kindOf(engine, subject.type)
    const target = readResource(resource)
    const wanted = readPage(page)
    const place = readOrganization(within, resource, context)
    if (kind === undefined || target === undefined) return renderSearch([], '')
    const question = await placeQuestion<SubjectsQuestion>(engine, {
      ...place,
      permission: action.name,
      resource: target,
      kind,
    })
    const found = await engine.listSubjects(question, { ...wanted, ...options })
    const results = await Promise.all(
      found.items.map((key) => entityOf(engine, question.organizationId, key, subject.type)),
    )
    return renderSearch(
      results.filter((result) => result !== undefined),
      nextToken(wanted.limit, found.after),
    )
  })
}

/** With which resources may this subject do this? */
export function searchResources(
  engine: ReadingEngine,
  { subject, action, resource, context, page }: ResourceSearchRequest,
  { within, options }: Asked,
): Promise<SearchAnswer<FoundEntity>> {
  return knownOnly(async () => {
    const asker = readSubject(engine.model, subject)
    const wanted = readPage(page)
    const place = readOrganization(within, resource, context)
    if (typeof asker === 'string' || !engine.model.types.has(resource.type)) return renderSearch([], '')
    const question = await placeQuestion<ResourcesQuestion>(engine, {
      ...place,
      subject: asker,
      permission: action.name,
      type: resource.type,
    })
    const found = await engine.listResources(question, { ...wanted, ...options })
    const results = found.items.map(({ type, externalId }) => ({ type, id: externalId }))
    return renderSearch(results, nextToken(wanted.limit, found.after))
  })
}

/** What may this subject do with this resource? All of it at once: there are few permissions. */
export function searchActions(
  engine: ReadingEngine,
  { subject, resource, context }: ActionSearchRequest,
  { within, options }: Asked,
): Promise<SearchAnswer<{ name: string }>> {
  return knownOnly(async () => {
    const asker = readSubject(engine.model, subject)
    const target = readResource(resource)
    const place = readOrganization(within, resource, context)
    if (typeof asker === 'string' || target === undefined) return renderSearch([], '')
    const question = await placeQuestion<PermissionsQuestion>(engine, {
      ...place,
      subject: asker,
      resource: target,
    })
    const slugs = await engine.effectivePermissions(question, options)
    return renderSearch(
      slugs.map((name) => ({ name })),
      '',
    )
  })
}

/** What is not known is not found: an empty result, and no error. */
async function knownOnly<Result>(search: () => Promise<SearchAnswer<Result>>): Promise<SearchAnswer<Result>> {
  try {
    return await search()
  } catch (error) {
    if (error instanceof EntityNotFound || error instanceof PermissionUnknown) return renderSearch([], '')
    throw error
  }
}

function kindOf({ model }: ReadingEngine, type: string): SubjectKey['kind'] | undefined {
  if (type === 'user' || type === 'organization_membership') return 'membership'
  if (type === 'group' || type === 'agent') return type
  return isAgentType(model, type) ? 'agent' : undefined
}

/** A subject under the type by which it was searched; `undefined` where it is of another. */
async function entityOf(
  engine: ReadingEngine,
  organizationId: OrganizationId,
  key: SubjectKey,
  type: string,
): Promise<FoundEntity | undefined> {
  if (key.kind === 'membership' && type === 'user') {
    const membership = await engine.findMembership(organizationId, { membershipId: key.id })
    return membership && { type, id: membership.userId }
  }
  if (key.kind === 'agent' && type !== 'agent') {
    const resource = await engine.findResource(organizationId, { resourceId: key.id })
    return resource?.type === type ? { type, id: resource.externalId } : undefined
  }
  return { type, id: key.id }
}
