import type { PermissionsQuestion, ResourcesQuestion, ScopeQuestion, SubjectsQuestion } from '@bailiwick/core'
import {
  findEffectivePermissions,
  findPermissionExclusion,
  findResourceExistence,
  findScope,
  parsePermissionsQuestion,
  parseResourceRef,
  parseResourcesQuestion,
  parseScopeQuestion,
  parseSearchPage,
  parseSubjectsQuestion,
  renderEffectivePermissions,
  renderExcludedPermission,
  renderList,
  renderResourceAddress,
  renderResourceExistence,
  renderScope,
  renderSubjectKey,
  searchResources,
  searchSubjects,
} from '@bailiwick/wire'
import { type Route, route, type Service } from '../http/route.js'
import { placeQuestion } from './place-question.js'

/** Lists both ways, scopes and facts, for subjects of every kind. */
export function searchRoutes({ engine }: Service): readonly Route[] {
  return [
    route(searchResources, async ({ body }, { consistency }) => {
      const question = await placeQuestion<ResourcesQuestion>(
        engine,
        parseResourcesQuestion(body),
        consistency,
      )
      const page = await engine.listResources(question, { ...parseSearchPage(body), ...consistency })
      return { body: renderList(page, renderResourceAddress, inOrder) }
    }),
    route(searchSubjects, async ({ body }, { consistency }) => {
      const question = await placeQuestion<SubjectsQuestion>(engine, parseSubjectsQuestion(body), consistency)
      const page = await engine.listSubjects(question, { ...parseSearchPage(body), ...consistency })
      return { body: renderList(page, renderSubjectKey, inOrder) }
    }),
    route(findScope, async ({ body }, { consistency }) => {
      const question = await placeQuestion<ScopeQuestion>(engine, parseScopeQuestion(body), consistency)
      return { body: renderScope(await engine.scope(question, consistency)) }
    }),
    route(findEffectivePermissions, async ({ body }, { consistency }) => {
      const question = await placeQuestion<PermissionsQuestion>(
        engine,
        parsePermissionsQuestion(body),
        consistency,
      )
      const slugs = await engine.effectivePermissions(question, consistency)
      return { body: renderEffectivePermissions(slugs) }
    }),
    route(findResourceExistence, async ({ params, query }, { consistency }) => {
      const id = params.organization_id
      const ref = parseResourceRef(query)
      const exists =
        ref === undefined
          ? (await engine.getOrganization(id)) !== undefined
          : await engine.hasResource(id, ref, consistency)
      return { body: renderResourceExistence(exists) }
    }),
    route(findPermissionExclusion, async ({ params }, { consistency }) => {
      const { organization_id: id, permission_slug: permission } = params
      const excluded = await engine.isExcludedSomewhere(id, permission, consistency)
      return { body: renderExcludedPermission({ permission, excluded }) }
    }),
  ]
}

// Places lead the same way in both orders.
const inOrder = {}
