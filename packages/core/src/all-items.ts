import type { ResourceAddress } from './decision.js'
import type { AuthorizationEngine } from './engine.js'
import type { SubjectKey } from './entities.js'
import { limits } from './input.js'
import type { CheckOptions, Page, PageOptions, ResourcesQuestion, SubjectsQuestion } from './question.js'

/**
 * Every resource of a list, asked for page by page as the caller goes on. What stays in the list all the while is
 * met exactly once, whatever is written meanwhile.
 *
 * @throws what `listResources` throws, when the first page is asked for.
 *
 * @example
 * for await (const project of allResources(engine, question)) console.log(project.externalId)
 */
export function allResources(
  engine: Pick<AuthorizationEngine, 'listResources'>,
  question: ResourcesQuestion,
  options?: CheckOptions,
): AsyncGenerator<ResourceAddress, void> {
  return allItems((page) => engine.listResources(question, page), options)
}

/** Every subject of a list, in the same way. */
export function allSubjects(
  engine: Pick<AuthorizationEngine, 'listSubjects'>,
  question: SubjectsQuestion,
  options?: CheckOptions,
): AsyncGenerator<SubjectKey, void> {
  return allItems((page) => engine.listSubjects(question, page), options)
}

async function* allItems<Item>(
  pageOf: (page: PageOptions) => Promise<Page<Item>>,
  options: CheckOptions | undefined,
): AsyncGenerator<Item, void> {
  let page = await pageOf({ ...options, limit: limits.pageSize })
  yield* page.items
  while (page.after !== null) {
    page = await pageOf({ ...options, limit: limits.pageSize, after: page.after })
    yield* page.items
  }
}
