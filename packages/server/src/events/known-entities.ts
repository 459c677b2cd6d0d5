import type { EntityByKind, EntityKind, LogEntry, ServiceEngine } from '@bailiwick/core'

/** The kinds that events look back at. */
export type KnownKind = Extract<
  EntityKind,
  'organization' | 'user' | 'membership' | 'group' | 'organization_role' | 'role' | 'permission'
>

/** An entity as it was before a position of the log. */
export interface Wanted {
  readonly kind: KnownKind
  readonly id: string
  readonly before: number
}

/** What events need beside their own commit: what a removed entity was, and what the ids in an entity stand for. */
export interface Known {
  /** `undefined` for what never was, and for what has not been looked up yet. */
  entity<Kind extends KnownKind>(kind: Kind, id: string, before: number): EntityByKind[Kind] | undefined
}

type Log = Pick<ServiceEngine, 'log'>

const windowSize = 500

/**
 * Entities of the past, found in the log itself: a removal says only an id. What is asked for and not there yet is
 * noted; `lookUp` goes back through the log for all of that at once, and only as far as it must.
 */
export class KnownEntities implements Known {
  readonly #log: Log
  readonly #found = new Map<string, unknown>()
  readonly #missing = new Map<string, Wanted>()

  constructor(log: Log) {
    this.#log = log
  }

  entity<Kind extends KnownKind>(kind: Kind, id: string, before: number): EntityByKind[Kind] | undefined {
    const wanted = { kind, id, before }
    const key = keyOf(wanted)
    if (!this.#found.has(key)) this.#missing.set(key, wanted)
    return this.#found.get(key) as EntityByKind[Kind] | undefined
  }

  /** @returns whether there was anything to look up. */
  async lookUp(): Promise<boolean> {
    const wanted = [...this.#missing.values()]
    this.#missing.clear()
    if (wanted.length === 0) return false
    const open = new Map<string, Wanted[]>()
    for (const each of wanted) {
      this.#found.set(keyOf(each), undefined)
      const name = nameOf(each.kind, each.id)
      open.set(name, [...(open.get(name) ?? []), each])
    }
    let end = Math.max(...wanted.map(({ before }) => before)) - 1
    while (end > 0 && open.size > 0) {
      const start = Math.max(0, end - windowSize)
      const entries = await this.#log.log({ after: start, limit: end - start })
      for (const entry of entries.toReversed()) this.#take(entry, open)
      end = start
    }
    return true
  }

  #take({ position, commit }: LogEntry, open: Map<string, Wanted[]>): void {
    for (const change of commit.changes) {
      if (change.op !== 'put') continue
      const name = nameOf(change.kind, change.entity.id)
      const waiting = open.get(name)
      if (waiting === undefined) continue
      for (const each of waiting) {
        if (position < each.before) this.#found.set(keyOf(each), change.entity)
      }
      const still = waiting.filter(({ before }) => position >= before)
      if (still.length > 0) open.set(name, still)
      else open.delete(name)
    }
  }
}

// A role of an organization and one that all share are known apart by their ids already.
function nameOf(kind: EntityKind, id: string): string {
  return `${kind === 'organization_role' ? 'role' : kind}\n${id}`
}

function keyOf({ kind, id, before }: Wanted): string {
  return `${nameOf(kind, id)}\n${before}`
}
