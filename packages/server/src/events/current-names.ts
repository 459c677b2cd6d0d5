import type {
  OrganizationId,
  PermissionId,
  ResourceAddress,
  ResourceId,
  RoleId,
  ServiceEngine,
} from '@bailiwick/core'

type Engine = Pick<
  ServiceEngine,
  'getOrganization' | 'listRoles' | 'listPermissions' | 'listOrganizationRoles' | 'findResource'
>

/** A name; `null` for what is not there any more; `undefined` for what has not been looked up yet. */
export type CurrentName = string | null | undefined

/** The names of ids as they are now. What is asked for and not there yet is noted, and looked up together. */
export class CurrentNames {
  readonly #engine: Engine
  readonly #names = new Map<string, string | null>()
  readonly #organizations = new Set<OrganizationId>()
  readonly #roles = new Map<RoleId, OrganizationId | undefined>()
  readonly #permissions = new Set<PermissionId>()
  readonly #resources = new Map<ResourceId, OrganizationId>()
  readonly #addresses = new Map<ResourceId, ResourceAddress | null>()

  constructor(engine: Engine) {
    this.#engine = engine
  }

  organization(id: OrganizationId): CurrentName {
    return this.#known(id, () => this.#organizations.add(id))
  }

  /** @param organizationId - Where it is a role of its own, if it is none that all share. */
  roleSlug(id: RoleId, organizationId: OrganizationId | undefined): CurrentName {
    return this.#known(id, () => this.#roles.set(id, organizationId))
  }

  permissionSlug(id: PermissionId): CurrentName {
    return this.#known(id, () => this.#permissions.add(id))
  }

  resource(id: ResourceId, organizationId: OrganizationId): ResourceAddress | null | undefined {
    const address = this.#addresses.get(id)
    if (address === undefined) this.#resources.set(id, organizationId)
    return address
  }

  /** @returns whether there was anything to look up. */
  async lookUp(): Promise<boolean> {
    const ids = [...this.#organizations, ...this.#roles.keys(), ...this.#permissions]
    const hasMore = ids.length + this.#resources.size > 0
    for (const id of this.#organizations) await this.#nameOrganization(id)
    if (this.#roles.size > 0) await this.#nameRoles()
    if (this.#permissions.size > 0) await this.#namePermissions()
    for (const [id, organizationId] of this.#resources)
      this.#addresses.set(id, (await this.#engine.findResource(organizationId, { resourceId: id })) ?? null)
    for (const id of ids) if (!this.#names.has(id)) this.#names.set(id, null)
    for (const asked of [this.#organizations, this.#roles, this.#permissions, this.#resources]) asked.clear()
    return hasMore
  }

  #known(id: string, note: () => void): CurrentName {
    const name = this.#names.get(id)
    if (name === undefined) note()
    return name
  }

  async #nameOrganization(id: OrganizationId): Promise<void> {
    const organization = await this.#engine.getOrganization(id)
    if (organization !== undefined) this.#names.set(id, organization.name)
  }

  async #nameRoles(): Promise<void> {
    for (const { id, slug } of await this.#engine.listRoles()) this.#names.set(id, slug)
    const own = new Set<OrganizationId>()
    for (const [id, organizationId] of this.#roles) {
      if (organizationId !== undefined && !this.#names.has(id)) own.add(organizationId)
    }
    for (const organizationId of own) {
      if ((await this.#engine.getOrganization(organizationId)) === undefined) continue
      const roles = await this.#engine.listOrganizationRoles(organizationId)
      for (const { id, slug } of roles) this.#names.set(id, slug)
    }
  }

  async #namePermissions(): Promise<void> {
    let after: string | null | undefined
    do {
      const page = await this.#engine.listPermissions({ limit: 100, ...(after && { after }) })
      for (const { id, slug } of page.items) this.#names.set(id, slug)
      after = page.after
    } while (after !== null)
  }
}
