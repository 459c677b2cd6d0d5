import {
  type AuthorizationEngine,
  limits,
  type Page,
  type PageOptions,
  type PermissionsQuestion,
  type ResourceAddress,
  type ResourcesQuestion,
  type ScopeQuestion,
  type SubjectKey,
  type SubjectsQuestion,
} from '@bailiwick/core'
import { Disagreement } from './disagreement.js'
import type { Facts } from './facts.js'
import { allowedResources, allowedSubjects, effectivePermissions, withinScope } from './lists.js'

/** A question that is answered with a list. */
export type ListQuestion =
  | { readonly list: 'resources'; readonly question: ResourcesQuestion; readonly limit: number }
  | { readonly list: 'subjects'; readonly question: SubjectsQuestion; readonly limit: number }
  | { readonly list: 'permissions'; readonly question: PermissionsQuestion }
  | { readonly list: 'scope'; readonly question: ScopeQuestion }

/**
 * Ask an engine for a whole list, page by page and back again, and against its order.
 *
 * @returns how many it holds.
 * @throws {Disagreement} unless it is the oracle's.
 */
export async function askList(
  engine: AuthorizationEngine,
  facts: Facts,
  asked: ListQuestion,
): Promise<number> {
  const right = rightList(facts, asked)
  const given = await givenList(engine, facts, asked)
  const lists = Array.isArray(given[0]) ? (given as readonly (readonly string[])[]) : [given]
  for (const list of lists) {
    if (list.length !== right.length || list.some((item, index) => item !== right[index]))
      throw new Disagreement('a list differs', { asked, oracle: right, engine: list })
  }
  return right.length
}

function rightList(facts: Facts, asked: ListQuestion): readonly string[] {
  switch (asked.list) {
    case 'resources':
      return allowedResources(facts, asked.question)
    case 'subjects':
      return allowedSubjects(facts, asked.question)
    case 'permissions':
      return effectivePermissions(facts, asked.question)
    case 'scope':
      return allowedResources(facts, asked.question)
  }
}

async function givenList(
  engine: AuthorizationEngine,
  facts: Facts,
  asked: ListQuestion,
): Promise<readonly string[] | readonly (readonly string[])[]> {
  switch (asked.list) {
    case 'resources':
      return walk(asked.limit, (page) => engine.listResources(asked.question, page))
    case 'subjects':
      return walk(asked.limit, (page) => engine.listSubjects(asked.question, page))
    case 'permissions':
      return engine.effectivePermissions(asked.question)
    case 'scope':
      return withinScope(facts, asked.question.type, await engine.scope(asked.question))
  }
}

/**
 * Every item on the way to the end, on the way back from there, and against the order of the ids, both ways from the
 * id in the middle.
 */
async function walk(
  limit: number,
  pageOf: (page: PageOptions) => Promise<Page<Listed>>,
): Promise<readonly (readonly string[])[]> {
  const forward: Listed[] = []
  let page = await pageOf({ limit })
  forward.push(...page.items)
  while (page.after !== null) {
    page = await pageOf({ limit, after: page.after })
    forward.push(...page.items)
  }
  const backward = [...page.items]
  while (page.before !== null) {
    page = await pageOf({ limit, before: page.before })
    backward.unshift(...page.items)
  }
  const middle = forward[forward.length >> 1]
  if (middle === undefined) return [[], idsOf(backward)]
  const lower = await pageOf({ limit: limits.pageSize, order: 'desc', after: middle.id })
  const higher = await pageOf({ limit: limits.pageSize, order: 'desc', before: middle.id })
  const descending = [...higher.items, middle, ...lower.items]
  return [idsOf(forward), idsOf(backward), idsOf(descending.toReversed())]
}

type Listed = ResourceAddress | SubjectKey

function idsOf(items: readonly Listed[]): readonly string[] {
  return items.map(({ id }) => id)
}
