import {
  EntityNotFound,
  type EntityPage,
  type EntityPageOptions,
  type EnvironmentRole,
  type EnvironmentSettings,
  environmentShard,
  type NewEnvironmentRole,
  type NewPermission,
  type NewResourceType,
  type PermissionEdit,
  type PermissionEntity,
  type Renaming,
  type ResourceTypeEntity,
  type Written,
} from '@bailiwick/core'
import { entityPage, placesOf } from '../administration/entity-page.js'
import { EntityReader } from '../administration/entity-reader.js'
import { fromSorted } from '../administration/rows.js'
import { writeToken } from '../consistency-token.js'
import type { ModelEdit } from './edits/edit.js'
import { createPermission, deletePermission, updatePermission } from './edits/permissions.js'
import {
  addParentType,
  createResourceType,
  deleteResourceType,
  updateResourceType,
} from './edits/resource-types.js'
import { createRole, deleteRole, updateRole } from './edits/roles.js'
import { changeSettings } from './edits/settings.js'
import { byId, permissionView, resourceTypeView, roleView, roleViews, settingsView } from './entity-views.js'
import type { EnvironmentRecords } from './records.js'

/** An engine's environment, read and changed piece by piece. */
export class EnvironmentWriter extends EntityReader {
  async listResourceTypes(): Promise<readonly ResourceTypeEntity[]> {
    const { types } = await this.#records()
    return [...types.values()].map(resourceTypeView).sort((one, other) => (one.slug < other.slug ? -1 : 1))
  }

  async createResourceType(type: NewResourceType): Promise<Written<ResourceTypeEntity>> {
    return this.#change(createResourceType(type), (records) => typeOf(records, type.slug))
  }

  async updateResourceType(slug: string, to: Renaming): Promise<Written<ResourceTypeEntity>> {
    return this.#change(updateResourceType(slug, to), (records) => typeOf(records, slug))
  }

  async addParentType(slug: string, parent: string): Promise<Written<ResourceTypeEntity>> {
    return this.#change(addParentType(slug, parent), (records) => typeOf(records, slug))
  }

  async deleteResourceType(slug: string): Promise<Written<undefined>> {
    return this.#change(deleteResourceType(slug), nothing)
  }

  async listPermissions(page?: EntityPageOptions): Promise<EntityPage<PermissionEntity>> {
    const { permissions } = await this.#records()
    const sorted = [...permissions.values()].map(permissionView).sort(byId)
    return entityPage(
      page ?? {},
      placesOf('permission'),
      ({ id }) => id,
      async (part) => fromSorted(sorted, part),
    )
  }

  async getPermission(slug: string): Promise<PermissionEntity> {
    return permissionOf(await this.#records(), slug)
  }

  async createPermission(permission: NewPermission): Promise<Written<PermissionEntity>> {
    return this.#change(createPermission(permission), (records) => permissionOf(records, permission.slug))
  }

  async updatePermission(slug: string, to: Renaming): Promise<Written<PermissionEntity>> {
    return this.#change(updatePermission(slug, to), (records) => permissionOf(records, slug))
  }

  async deletePermission(slug: string): Promise<Written<undefined>> {
    return this.#change(deletePermission(slug), nothing)
  }

  async listRoles(): Promise<readonly EnvironmentRole[]> {
    return roleViews(await this.#records())
  }

  async getRole(slug: string): Promise<EnvironmentRole> {
    return roleOf(await this.#records(), slug)
  }

  async createRole(role: NewEnvironmentRole): Promise<Written<EnvironmentRole>> {
    return this.#change(createRole(role), (records) => roleOf(records, role.slug))
  }

  async updateRole(
    slug: string,
    to: Renaming & { readonly permissions?: PermissionEdit },
  ): Promise<Written<EnvironmentRole>> {
    return this.#change(updateRole(slug, to), (records) => roleOf(records, slug))
  }

  async deleteRole(slug: string): Promise<Written<undefined>> {
    return this.#change(deleteRole(slug), nothing)
  }

  async getSettings(): Promise<EnvironmentSettings> {
    return settingsView(await this.#records())
  }

  async changeSettings(to: Partial<EnvironmentSettings>): Promise<Written<EnvironmentSettings>> {
    return this.#change(changeSettings(to), settingsView)
  }

  async #records(): Promise<EnvironmentRecords> {
    const { model } = this.context
    if (model.mayBeBehind) await model.refresh()
    return model.records
  }

  async #change<Value>(
    edit: ModelEdit,
    view: (records: EnvironmentRecords) => Value,
  ): Promise<Written<Value>> {
    const { model, store, origin } = this.context
    const { records, revision } = await model.change(edit, origin)
    return { value: view(records), token: writeToken({ store: store.id, shard: environmentShard, revision }) }
  }
}

function typeOf({ types }: EnvironmentRecords, slug: string): ResourceTypeEntity {
  return resourceTypeView(types.get(slug) ?? notFound('resource_type', slug))
}

function permissionOf({ permissions }: EnvironmentRecords, slug: string): PermissionEntity {
  return permissionView(permissions.get(slug) ?? notFound('permission', slug))
}

function roleOf(records: EnvironmentRecords, slug: string): EnvironmentRole {
  return roleView(records, records.roles.get(slug) ?? notFound('role', slug))
}

function notFound(noun: 'resource_type' | 'permission' | 'role', slug: string): never {
  throw new EntityNotFound(noun, slug)
}

function nothing(): undefined {
  return undefined
}
