import type { OrganizationRoleRecord, RoleId } from '@bailiwick/core'
import type { Environment, Role } from '../environment/environment.js'
import { none, type Records } from './records.js'

/** What the graph keeps of an organization's own role. */
export type RoleFact = Pick<OrganizationRoleRecord, 'id' | 'slug' | 'on' | 'permissionIds'>

/**
 * The roles that one organization can give: those of the environment, the same in every organization, and its own
 * after them. A role is an entry number here, so that a row costs one word.
 */
export class RoleTable {
  /** The organization's own, at the environment's count and after; a removed one leaves a hole. */
  readonly #own: ((Role & { readonly fact: RoleFact }) | undefined)[] = []
  readonly #ownById = new Map<string, number>()
  readonly #ownBySlug = new Map<string, number>()

  constructor(
    private readonly environment: Environment,
    private readonly records: Records,
  ) {}

  /** How many of its own the organization has. */
  get size(): number {
    return this.#ownById.size
  }

  /** Whether a role holds a permission. */
  holds(role: number, permission: number): boolean {
    return this.records.holds(role, permission)
  }

  role(entry: number): Role {
    const environmentRoles = this.environment.roles
    return (environmentRoles[entry] ?? this.#own[entry - environmentRoles.length]) as Role
  }

  /** The entry of a role by id, or `none` when it has gone. */
  byId(id: RoleId): number {
    return this.environment.roleIndex(id) ?? this.#ownById.get(id) ?? none
  }

  /** The entry of a role by slug, or `none`. */
  bySlug(slug: string): number {
    return this.environment.roleIndexBySlug(slug) ?? this.#ownBySlug.get(slug) ?? none
  }

  /** The organization's own roles. */
  *own(): Generator<RoleFact, void> {
    for (const role of this.#own) if (role !== undefined) yield role.fact
  }

  fact(entry: number): RoleFact {
    return (this.#own[entry - this.environment.roles.length] as { readonly fact: RoleFact }).fact
  }

  /** Every role that holds a permission: the environment's in the order of the model, then the organization's own. */
  *granting(permission: number): Generator<Role, void> {
    for (const entry of this.entriesGranting(permission)) yield this.role(entry)
  }

  /** The same as entries. */
  *entriesGranting(permission: number): Generator<number, void> {
    const count = this.environment.roles.length + this.#own.length
    for (let entry = 0; entry < count; entry++) if (this.holds(entry, permission)) yield entry
  }

  put(fact: RoleFact): void {
    const known = this.#ownById.get(fact.id)
    const entry = known ?? this.environment.roles.length + this.#own.length
    if (known !== undefined) this.#ownBySlug.delete(this.role(entry).slug)
    this.#own[entry - this.environment.roles.length] = { id: fact.id, slug: fact.slug, on: fact.on, fact }
    this.#ownById.set(fact.id, entry)
    this.#ownBySlug.set(fact.slug, entry)
    this.#setWords(entry, fact)
  }

  remove(entry: number): void {
    const { id, slug } = this.role(entry)
    this.#own[entry - this.environment.roles.length] = undefined
    this.#ownById.delete(id)
    this.#ownBySlug.delete(slug)
    const { wordsPerRole } = this.environment
    this.records.roleBits.fill(0, entry * wordsPerRole, (entry + 1) * wordsPerRole)
  }

  #setWords(entry: number, { permissionIds }: RoleFact): void {
    const width = this.environment.wordsPerRole
    // The words of the environment are shared by all organizations: the first role of its own takes a copy.
    const words = new Uint32Array(Math.max(this.records.roleBits.length, (entry + 1) * width))
    words.set(this.records.roleBits)
    words.fill(0, entry * width, (entry + 1) * width)
    for (const id of permissionIds) {
      const permission = this.environment.permissionIndexById(id)
      if (permission === undefined) continue
      const at = entry * width + (permission >>> 5)
      words[at] = ((words[at] as number) | (1 << (permission & 31))) >>> 0
    }
    this.records.roleBits = words
  }
}
