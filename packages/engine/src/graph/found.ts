import { none } from './resource-table.js'

/**
 * The entry of what a commit names.
 *
 * @throws {Error} when it is not there: such a commit was not made by our commands, and no graph is better than a
 *   wrong one.
 */
export function found(entry: number, id: string): number {
  if (entry === none) throw new Error(`a commit refers to ${id}, which is not there`)
  return entry
}
