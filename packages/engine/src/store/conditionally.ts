import type { Gate } from './gate.js'
import type { AppendCondition, AppendResult, EntitySource } from './store.js'

/**
 * Append under a condition, where everybody who appends does so in this process.
 *
 * @param append - Decides in one piece, also whether what was `given` is still so.
 */
export async function conditionally(
  gate: Gate,
  reader: EntitySource,
  condition: AppendCondition | undefined,
  append: () => AppendResult | Promise<AppendResult>,
): Promise<AppendResult> {
  if (condition === undefined) return append()
  if ('given' in condition) return gate.pass(append)
  return gate.alone(async () => ((await condition.when(reader)) ? append() : { kind: 'refused' }))
}
