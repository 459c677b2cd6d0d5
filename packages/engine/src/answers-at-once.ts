import type { AnswersAtOnce, OrganizationId, ResourceRef } from '@bailiwick/core'
import { decide, isAllowed } from './decide/decide.js'
import { decideMany } from './decide/decide-many.js'
import type { OrganizationGraph } from './graph/organization-graph.js'
import { none } from './graph/resource-table.js'
import type { Organizations } from './shard/organizations.js'

/** What organizations in memory answer, where they can be read as they are. */
export function answersAtOnce(organizations: Organizations): AnswersAtOnce {
  const warm = (id: OrganizationId) => organizations.warm(id)?.graph
  return {
    check: (question) => {
      const graph = warm(question.organizationId)
      return graph && decide(graph, question)
    },
    allows: (question) => {
      const graph = warm(question.organizationId)
      return graph && isAllowed(graph, question)
    },
    checkMany: (questions) => decideMany(questions, warm),
    hasResource: (id, ref) => {
      const graph = warm(id)
      return graph && hasResource(graph, ref)
    },
    isExcludedSomewhere: (id, permission) => {
      const graph = warm(id)
      return graph && isExcluded(graph, permission)
    },
    // Of what others write nobody here knows when it changes.
    moment: (id) => (organizations.areShared ? undefined : warm(id)?.records.moment),
  }
}

export function hasResource(graph: OrganizationGraph, ref: ResourceRef): boolean {
  return graph.organization !== undefined && graph.findResource(ref) !== none
}

/** Whether any exclusion of the organization denies a permission. */
export function isExcluded(graph: OrganizationGraph, permission: string): boolean {
  return graph.exclusions.denies(graph.environment.permissionIndex(permission))
}
