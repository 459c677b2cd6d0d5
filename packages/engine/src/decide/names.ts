import type { AssignmentId, Grant, ResourceAddress, ResourceId } from '@bailiwick/core'
import type { OrganizationGraph } from '../graph/organization-graph.js'

/** A grant that names an assignment. */
export type AssignmentGrant = Extract<Grant, { readonly assignmentId: unknown }>

type Unnamed<Named> = { -readonly [Key in keyof Named]: Named[Key] }

/**
 * What decisions about one organization name: resources and assignments. Their ids are kept as bytes, and to make each
 * a string by itself costs more than to decide. So a decision is given objects without them, each resource one for all
 * who name it, and `tell` writes the ids of all into them before anybody sees it.
 */
export class Names {
  readonly #byEntry = new Map<number, ResourceAddress>()
  readonly #entries: number[] = []
  readonly #addresses: Unnamed<ResourceAddress>[] = []
  readonly #rows: number[] = []
  readonly #grants: Unnamed<AssignmentGrant>[] = []

  constructor(private readonly graph: OrganizationGraph) {}

  /** The address of a resource. */
  address(entry: number): ResourceAddress {
    const known = this.#byEntry.get(entry)
    if (known !== undefined) return known
    const { environment, resources } = this.graph
    const type = environment.typeSlug(resources.type(entry))
    const address: Unnamed<ResourceAddress> = { id: unnamed as ResourceId, type, externalId: unnamed }
    this.#byEntry.set(entry, address)
    this.#entries.push(entry)
    this.#addresses.push(address)
    return address
  }

  /** Have the assignment of a row named in a grant. */
  assignment(row: number, grant: AssignmentGrant): void {
    this.#rows.push(row)
    this.#grants.push(grant)
  }

  /** Write everything down. Nothing can be named afterwards. */
  tell(): void {
    const { resources, rows } = this.graph
    const ofResources = resources.names(this.#entries)
    for (let n = 0; n < this.#addresses.length; n++) {
      const address = this.#addresses[n] as Unnamed<ResourceAddress>
      address.id = ofResources[2 * n] as ResourceId
      address.externalId = ofResources[2 * n + 1] as string
    }
    const ofRows = rows.names(this.#rows)
    for (let n = 0; n < this.#grants.length; n++)
      (this.#grants[n] as Unnamed<AssignmentGrant>).assignmentId = ofRows[n] as AssignmentId
  }
}

/** Stands for an id until it is told. */
export const unnamed = ''
