import type {
  AuthorizationEngine,
  Page,
  PageOptions,
  PermissionsQuestion,
  ResourcesQuestion,
  ScopeQuestion,
  SubjectsQuestion,
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
 * Ask an engine for a whole list, page by page and back again.
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

/** Every item on the way to the end, and every item on the way back from there. */
async function walk(
  limit: number,
  pageOf: (page: PageOptions) => Promise<Page<{ readonly id: string }>>,
): Promise<readonly (readonly string[])[]> {
  const forward: string[] = []
  let page = await pageOf({ limit })
  forward.push(...page.items.map(({ id }) => id))
  while (page.after !== null) {
    page = await pageOf({ limit, after: page.after })
    forward.push(...page.items.map(({ id }) => id))
  }
  const backward = page.items.map(({ id }) => id)
  while (page.before !== null) {
    page = await pageOf({ limit, before: page.before })
    backward.unshift(...page.items.map(({ id }) => id))
  }
  return [forward, backward]
}
