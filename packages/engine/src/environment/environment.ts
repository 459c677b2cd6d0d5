import { type Model, type PermissionId, type RoleId, rootType } from '@bailiwick/core'
import type { EnvironmentRecords } from './records.js'

/** A role as decisions name it. */
export interface Role {
  readonly id: RoleId
  readonly slug: string
  readonly on: string
}

/**
 * The model as the graphs hold it: types, permissions and roles as small integers, and the permissions of each
 * role as bits. Exact for any number of permissions: JavaScript shifts wrap at 32, so the word is chosen first.
 */
export class Environment {
  /** In the order of the model. */
  readonly roles: readonly Role[]
  readonly wordsPerRole: number
  /** Whether one organization-level role counts at a time. */
  readonly singleRole: boolean
  /** How many levels of types lie below the organization. */
  readonly levels: number
  /** One bit a permission, `wordsPerRole` words a role. */
  readonly roleWords: Uint32Array
  readonly #typeSlugs: readonly string[]
  readonly #typeIndex: ReadonlyMap<string, number>
  readonly #permissionSlugs: readonly string[]
  readonly #permissionIndex: ReadonlyMap<string, number>
  readonly #permissionIds: readonly PermissionId[]
  readonly #permissionIndexById: ReadonlyMap<string, number>
  readonly #roleIndexById: ReadonlyMap<string, number>
  readonly #roleIndexBySlug: ReadonlyMap<string, number>

  constructor(
    readonly model: Model,
    records: EnvironmentRecords,
  ) {
    this.#typeSlugs = [...model.types.keys()]
    this.#typeIndex = indexed(this.#typeSlugs)
    this.#permissionSlugs = [...model.permissions.keys()]
    this.#permissionIndex = indexed(this.#permissionSlugs)
    this.#permissionIds = this.#permissionSlugs.map((slug) => stored(records.permissions, slug).id)
    this.#permissionIndexById = indexed(this.#permissionIds)
    this.roles = [...model.roles.values()].map(({ slug, on }) => ({
      id: stored(records.roles, slug).id,
      slug,
      on,
    }))
    this.#roleIndexById = indexed(this.roles.map(({ id }) => id))
    this.#roleIndexBySlug = indexed(this.roles.map(({ slug }) => slug))
    this.singleRole = model.roleMode === 'single'
    this.levels = levelsBelow(model, rootType)
    this.wordsPerRole = Math.max(1, Math.ceil(this.#permissionSlugs.length / 32))
    this.roleWords = this.#bits()
  }

  /** The root type is 0. */
  typeIndex(slug: string): number {
    return this.#typeIndex.get(slug) ?? fail(`type ${slug} is not in the model`)
  }

  /** As `typeIndex`, or `undefined` when the model has no such type. */
  findType(slug: string): number | undefined {
    return this.#typeIndex.get(slug)
  }

  typeSlug(index: number): string {
    return this.#typeSlugs[index] as string
  }

  /** @throws {PermissionUnknown} with the nearest slug. */
  permissionIndex(slug: string): number {
    return this.#permissionIndex.get(slug) ?? fail(this.model.permission(slug).slug)
  }

  permissionSlug(index: number): string {
    return this.#permissionSlugs[index] as string
  }

  permissionId(index: number): PermissionId {
    return this.#permissionIds[index] as PermissionId
  }

  /** `undefined` for a permission that has gone: it grants and denies nothing any more. */
  permissionIndexById(id: PermissionId): number | undefined {
    return this.#permissionIndexById.get(id)
  }

  get permissionCount(): number {
    return this.#permissionSlugs.length
  }

  roleIndex(id: RoleId): number | undefined {
    return this.#roleIndexById.get(id)
  }

  roleIndexBySlug(slug: string): number | undefined {
    return this.#roleIndexBySlug.get(slug)
  }

  #bits(): Uint32Array {
    const words = new Uint32Array(this.roles.length * this.wordsPerRole)
    for (const [role, { slug }] of this.roles.entries()) {
      for (const held of this.model.role(slug).permissions) {
        const permission = this.permissionIndex(held)
        const at = role * this.wordsPerRole + (permission >>> 5)
        words[at] = ((words[at] as number) | (1 << (permission & 31))) >>> 0
      }
    }
    return words
  }
}

function levelsBelow(model: Model, type: string): number {
  return Math.max(0, ...model.type(type).children.map((child) => 1 + levelsBelow(model, child)))
}

function indexed(keys: readonly string[]): ReadonlyMap<string, number> {
  return new Map(keys.map((key, index) => [key, index]))
}

function stored<Entry>(records: ReadonlyMap<string, Entry>, slug: string): Entry {
  return records.get(slug) ?? fail(`${slug} was not stored`)
}

function fail(message: string): never {
  throw new Error(message)
}
