import { whereInScope } from '@bailiwick/client/kysely'
import type { Scope } from '@bailiwick/core'
import type { Kysely } from 'kysely'
import type { ProjectRow } from './projects.js'

/** The application's tables as Kysely knows them. */
export interface ProjectsDatabase {
  projects: {
    id: string
    number: number
    organization_id: string
    workspace_id: string | null
    folder_id: string | null
  }
}

/** The projects in a scope. */
export async function selectByKysely(
  db: Kysely<ProjectsDatabase>,
  scope: Scope,
): Promise<readonly ProjectRow[]> {
  const columns = {
    organization: 'organization_id',
    project: 'projects.id',
    folder: 'folder_id',
    workspace: 'workspace_id',
  } as const
  const rows = await db
    .selectFrom('projects')
    .selectAll()
    .where((eb) => whereInScope(eb, scope, columns))
    .execute()
  return rows.map(({ id, number, organization_id, workspace_id, folder_id }) => ({
    id,
    number,
    organizationId: organization_id,
    workspaceId: workspace_id,
    folderId: folder_id,
  }))
}
