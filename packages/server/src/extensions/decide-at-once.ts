import type { CheckQuestion, Decision, ServiceEngine } from '@bailiwick/core'

/**
 * Decide several checks together where nothing has to be waited for: a page asks about one organization, and that is
 * in memory. To ask one by one and wait for each would take as long as to decide them.
 *
 * @returns `undefined` where one of them has to be asked, or cannot be: that says what is to be said of each.
 */
export function decideAtOnce(
  { atOnce, model }: Pick<ServiceEngine, 'atOnce' | 'model'>,
  questions: readonly CheckQuestion[],
): readonly Decision[] | undefined {
  if (atOnce === undefined) return undefined
  for (const { permission } of questions) if (!model.permissions.has(permission)) return undefined
  return atOnce.checkMany(questions)
}
