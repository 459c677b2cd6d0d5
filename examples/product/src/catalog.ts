import type { OrganizationId } from '@bailiwick/core'
import { organizations, samples } from './organizations.js'

/** What the product itself stores of a project. Who may see it is no business of this table. */
export interface Project {
  readonly id: string
  readonly organization: string
  readonly name: string
}

/** What the product itself stores of an app. */
export interface App extends Project {
  readonly deploys: number
}

/**
 * The product's own data, in memory. Everything is looked up within an organization, so that another one's id
 * finds nothing: that is what makes `tenantScoped` true of a route.
 */
export class Catalog {
  readonly #projects = tables<Project>('project', (row) => row)
  readonly #apps = tables<App>('app', (row) => ({ ...row, deploys: 0 }))

  findProject(organizationId: OrganizationId | undefined, id: string): Project | undefined {
    return rowsOf(this.#projects, organizationId)?.get(id)
  }

  renameProject(organizationId: OrganizationId | undefined, id: string, name: string): Project | undefined {
    const project = this.findProject(organizationId, id)
    return project && put(rowsOf(this.#projects, organizationId), { ...project, name })
  }

  findApp(organizationId: OrganizationId | undefined, id: string): App | undefined {
    return rowsOf(this.#apps, organizationId)?.get(id)
  }

  deployApp(organizationId: OrganizationId | undefined, id: string): App | undefined {
    const app = this.findApp(organizationId, id)
    return app && put(rowsOf(this.#apps, organizationId), { ...app, deploys: app.deploys + 1 })
  }
}

type Tables<Row> = ReadonlyMap<OrganizationId, Map<string, Row>>

function tables<Row extends Project>(type: 'project' | 'app', make: (row: Project) => Row): Tables<Row> {
  return new Map(
    organizations.map(({ id: organizationId, name: organization }) => {
      const things = (samples.get(organizationId) ?? []).filter((thing) => thing.type === type)
      return [organizationId, new Map(things.map(({ id, name }) => [id, make({ id, organization, name })]))]
    }),
  )
}

function rowsOf<Row>(
  tables: Tables<Row>,
  organizationId: OrganizationId | undefined,
): Map<string, Row> | undefined {
  return organizationId && tables.get(organizationId)
}

function put<Row extends Project>(rows: Map<string, Row> | undefined, row: Row): Row {
  rows?.set(row.id, row)
  return row
}
