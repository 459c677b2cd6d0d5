import type { Model, RoleId } from '@bailiwick/core'
import { PermissionSet } from './permission-set.js'
import type { EnvironmentRecords } from './records.js'

/** A role as the graphs hold it. */
export interface Role {
  readonly id: RoleId
  readonly slug: string
  readonly on: string
  readonly permissions: PermissionSet
}

/** The model with the ids that the store knows it by. */
export class Environment {
  readonly #rolesById: ReadonlyMap<string, Role>
  readonly #rolesBySlug: ReadonlyMap<string, Role>
  readonly #permissionIndex: ReadonlyMap<string, number>
  readonly #rolesGranting: ReadonlyMap<string, readonly Role[]>

  constructor(
    readonly model: Model,
    records: EnvironmentRecords,
  ) {
    const slugs = [...model.permissions.keys()]
    this.#permissionIndex = new Map(slugs.map((slug, index) => [slug, index]))
    const roles = [...model.roles.values()].map((role): Role => {
      const held = role.permissions.map((slug) => this.permissionIndex(slug))
      const record = records.roles.get(role.slug)
      if (record === undefined) throw new Error(`role ${role.slug} was not stored`)
      return {
        id: record.id,
        slug: role.slug,
        on: role.on,
        permissions: new PermissionSet(slugs.length, held),
      }
    })
    this.#rolesById = new Map(roles.map((role) => [role.id, role]))
    this.#rolesBySlug = new Map(roles.map((role) => [role.slug, role]))
    this.#rolesGranting = new Map(
      slugs.map((slug, index) => [slug, roles.filter((role) => role.permissions.has(index))]),
    )
  }

  /** @throws {PermissionUnknown} with the nearest slug. */
  permissionIndex(slug: string): number {
    return this.#permissionIndex.get(slug) ?? this.#unknownPermission(slug)
  }

  /** @throws {RoleUnknown} with the nearest slug. */
  roleBySlug(slug: string): Role {
    return this.#rolesBySlug.get(slug) ?? this.#unknownRole(slug)
  }

  /** `undefined` for a role that has gone: it grants nothing any more. */
  roleById(id: RoleId): Role | undefined {
    return this.#rolesById.get(id)
  }

  /** The roles whose permissions contain the slug, in the order of the model. */
  rolesGranting(permission: string): readonly Role[] {
    return this.#rolesGranting.get(permission) ?? []
  }

  #unknownPermission(slug: string): never {
    this.model.permission(slug)
    throw new Error(`permission ${slug} has no index`)
  }

  #unknownRole(slug: string): never {
    this.model.role(slug)
    throw new Error(`role ${slug} was not stored`)
  }
}
