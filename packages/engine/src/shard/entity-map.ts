import type { AnyEntity, Change, EntityByKind, EntityKind } from '@bailiwick/core'

/** The name of one entity. */
export interface EntityName {
  readonly kind: EntityKind
  readonly id: string
}

/** Whole entities by kind and id. */
export class EntityMap {
  readonly #byKind = new Map<EntityKind, Map<string, AnyEntity['entity']>>()

  get<Kind extends EntityKind>(kind: Kind, id: string): EntityByKind[Kind] | undefined {
    // Each kind has a map of its own, which the type of the outer one cannot say.
    return this.#byKind.get(kind)?.get(id) as EntityByKind[Kind] | undefined
  }

  set({ kind, entity }: AnyEntity): void {
    const ofKind = this.#byKind.get(kind)
    if (ofKind === undefined) this.#byKind.set(kind, new Map([[entity.id, entity]]))
    else ofKind.set(entity.id, entity)
  }

  /** Take over everything that is put, and forget what is removed. */
  learn(changes: readonly Change[]): void {
    for (const change of changes) {
      if (change.op === 'put') this.set(change)
      else this.#byKind.get(change.kind)?.delete(change.id)
    }
  }

  /** Keep what is held as new as its shard, and take over nothing else. */
  follow(changes: readonly Change[]): void {
    if (this.#byKind.size === 0) return
    this.learn(
      changes.filter(
        (change) => change.op === 'remove' || this.get(change.kind, change.entity.id) !== undefined,
      ),
    )
  }

  clear(): void {
    if (this.#byKind.size > 0) this.#byKind.clear()
  }
}
