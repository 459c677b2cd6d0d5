import type { Scope, Session } from '@bailiwick/core'
import { expect } from 'vitest'
import type { Random } from '../oracle/random/random.js'
import { drawProjects, type ProjectRow, type Projects } from './projects.js'

/** The application's table, in one database and through one query builder. */
export interface ProjectTable {
  fill(rows: readonly ProjectRow[]): Promise<void>
  /** The rows in a scope. */
  select(scope: Scope): Promise<readonly ProjectRow[]>
}

/**
 * Ask for the projects of every member of random organizations, once by a filter in the database and once by a check
 * of each row, and expect the same rows.
 */
export async function expectSameRows(
  table: ProjectTable,
  random: Random,
  organizations: number,
): Promise<void> {
  const met = { in: 0, out: 0, excepting: 0 }
  for (let i = 0; i < organizations; i++) {
    const projects = await drawProjects(random)
    await table.fill(projects.rows)
    for (const session of projects.sessions) {
      for (const permission of ['project:view', 'project:edit']) {
        const scope = await projects.authz.scopeFor(session, permission, 'project')
        const expected = await checkEach(projects, session, permission)
        const found = await table.select(scope)
        expect(found.map(keyOf).sort(), JSON.stringify({ scope, session })).toEqual(
          expected.map(keyOf).sort(),
        )
        met.in += expected.length
        met.out += projects.rows.length - expected.length
        if (scope.kind === 'some' && scope.except.length > 0) met.excepting += 1
      }
    }
    await projects.close()
  }
  expect(Math.min(met.in, met.out, 20 * met.excepting), JSON.stringify(met)).toBeGreaterThan(100)
}

/** The handler loads a row and asks about it: of another organization's rows it would load none. */
async function checkEach(
  projects: Projects,
  session: Session,
  permission: string,
): Promise<readonly ProjectRow[]> {
  const allowed: ProjectRow[] = []
  for (const row of projects.rows) {
    if (row.organizationId !== session.organizationId) continue
    const target = { type: 'project', externalId: row.id }
    if ((await projects.authz.check(session, permission, target)).kind === 'allow') allowed.push(row)
  }
  return allowed
}

function keyOf({ organizationId, id }: ProjectRow): string {
  return JSON.stringify([organizationId, id])
}
