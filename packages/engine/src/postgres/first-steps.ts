import type { DraftRow } from '../store/draft-rows.js'

/** What the drafts do to each entity before anything else. */
export function firstSteps(drafts: readonly DraftRow[]): ReadonlyMap<string, 'put' | 'remove'> {
  const first = new Map<string, 'put' | 'remove'>()
  for (const { changes } of drafts) {
    for (const { op, kind, id } of changes) {
      const key = keyOf(kind, id)
      if (!first.has(key)) first.set(key, op)
    }
  }
  return first
}

/** The name of an entity, or of a look-up, among all of them. Kinds and names of look-ups have no spaces. */
export function keyOf(kind: string, id: string): string {
  return `${kind} ${id}`
}
