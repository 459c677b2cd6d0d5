import { type Authorizer, createAuthorizer } from '@bailiwick/client'
import {
  type AuthorizationEngine,
  defineModel,
  type MembershipId,
  type OrganizationId,
  type ResourceRef,
  type Session,
} from '@bailiwick/core'
import { memoryStore, openEngine } from '@bailiwick/engine'
import type { Random } from '../oracle/random/random.js'

/** A project as the application's own table has it, with the way up that the engine knows as well. */
export interface ProjectRow {
  readonly id: string
  /** The same project in a table that numbers its rows. */
  readonly number: number
  readonly organizationId: string
  readonly workspaceId: string | null
  readonly folderId: string | null
}

/** An engine and the application's table, both full of the same projects. */
export interface Projects {
  readonly authz: Authorizer
  readonly rows: readonly ProjectRow[]
  /** Of every member of every organization, with what the identity provider put into the token. */
  readonly sessions: readonly Session[]
  close(): Promise<void>
}

const model = defineModel({
  resourceTypes: {
    workspace: { parents: ['organization'] },
    folder: { parents: ['workspace'] },
    project: { parents: ['organization', 'workspace', 'folder'] },
    bot: { parents: ['organization'], agent: true },
  },
  permissions: { 'project:view': 'project', 'project:edit': 'project' },
  roles: {
    owner: { on: 'organization', permissions: ['project:view', 'project:edit'] },
    'workspace-editor': { on: 'workspace', permissions: ['project:view', 'project:edit'] },
    'folder-viewer': { on: 'folder', permissions: ['project:view'] },
    'project-editor': { on: 'project', permissions: ['project:view', 'project:edit'] },
  },
})

/** Two organizations drawn at random; their external ids are the same, as they are where each counts from 1. */
export async function drawProjects(random: Random): Promise<Projects> {
  const engine = await openEngine({ store: memoryStore(), model })
  const rows: ProjectRow[] = []
  const sessions: Session[] = []
  for (const name of ['acme', 'globex']) {
    const organizationId = `org_${name}` as OrganizationId
    await engine.createOrganization({ id: organizationId, name })
    const drawn = await drawRows(random, engine, organizationId)
    rows.push(...drawn)
    sessions.push(...(await drawMembers(random, engine, organizationId, drawn)))
  }
  const authz = createAuthorizer({
    engine,
    session: { verify: () => Promise.reject(new Error('sessions are drawn')) },
    agents: { type: 'bot' },
  })
  return { authz, rows, sessions, close: () => engine.close() }
}

async function drawRows(
  random: Random,
  engine: AuthorizationEngine,
  organizationId: OrganizationId,
): Promise<readonly ProjectRow[]> {
  const make = async (type: string, externalId: string, parent?: ResourceRef) => {
    await engine.createResource({
      organizationId,
      type,
      externalId,
      name: externalId,
      ...(parent && { parent }),
    })
    return externalId
  }
  const workspaces = await inTurn(3, (i) => make('workspace', `w${i}`))
  const folders = await inTurn(5, async (i) => {
    const workspaceId = random.pick(workspaces) as string
    return { id: await make('folder', `f${i}`, { type: 'workspace', externalId: workspaceId }), workspaceId }
  })
  return inTurn(24, async (i): Promise<ProjectRow> => {
    const folder = random.chance(0.5) ? random.pick(folders) : undefined
    const workspaceId = folder?.workspaceId ?? (random.chance(0.6) ? (random.pick(workspaces) ?? null) : null)
    const parent = folder
      ? { type: 'folder', externalId: folder.id }
      : workspaceId === null
        ? undefined
        : { type: 'workspace', externalId: workspaceId }
    // Quotes and cases: what a filter must not stumble over. Numbers are written as the table writes them.
    const id = await make(
      'project',
      random.pick([`p${i}`, `P${i}`, `p'${i}`, `${i}`, `0${i}`]) as string,
      parent,
    )
    return { id, number: i, organizationId, workspaceId, folderId: folder?.id ?? null }
  })
}

async function drawMembers(
  random: Random,
  engine: AuthorizationEngine,
  organizationId: OrganizationId,
  rows: readonly ProjectRow[],
): Promise<readonly Session[]> {
  const place = (): { readonly role: string; readonly resource: ResourceRef } => {
    const row = random.pick(rows) as ProjectRow
    const places = [{ role: 'project-editor', resource: { type: 'project', externalId: row.id } }]
    if (row.workspaceId !== null)
      places.push({ role: 'workspace-editor', resource: { type: 'workspace', externalId: row.workspaceId } })
    if (row.folderId !== null)
      places.push({ role: 'folder-viewer', resource: { type: 'folder', externalId: row.folderId } })
    return random.pick(places) as (typeof places)[number]
  }
  const groupId = (await engine.createGroup({ organizationId, name: 'Some' })).value.id
  await engine.assignRole({ organizationId, subject: { groupId }, ...place() })
  await engine.createResource({ organizationId, type: 'bot', externalId: 'bot', name: 'bot' })
  const agent = { agent: { type: 'bot', externalId: 'bot' } }
  await engine.assignRole({ organizationId, subject: agent, ...place() })
  await engine.assignRole({ organizationId, subject: agent, ...place() })
  return inTurn(8, async (i) => {
    const userId = `user_${i}`
    const isOwner = random.chance(0.3)
    const { value } = await engine.createMembership({
      organizationId,
      userId,
      roles: isOwner ? ['owner'] : [],
    })
    const subject = { membershipId: value.id }
    if (random.chance(0.3)) await engine.addGroupMember(organizationId, groupId, subject)
    for (let left = random.between(0, 3); left > 0; left--)
      await engine.assignRole({ organizationId, subject, ...place() })
    for (let left = random.between(0, 8); left > 0; left--) {
      const { resource } = place()
      await engine.createExclusion({ organizationId, subject, permission: 'project:view', resource })
    }
    return sessionOf(organizationId, userId, value.id, random.chance(0.2) ? ['bot'] : [], isOwner)
  })
}

function sessionOf(
  organizationId: OrganizationId,
  userId: string,
  membershipId: MembershipId,
  actors: readonly string[],
  isOwner: boolean,
): Session {
  return {
    userId,
    organizationId,
    membershipId,
    actors,
    roles: isOwner ? ['owner'] : [],
    permissions: isOwner ? ['project:edit', 'project:view'] : [],
    sessionId: undefined,
    issuedAt: 0,
    expiresAt: 1,
    claims: {},
  }
}

/** One after the other: what is drawn must not depend on what takes longer. */
async function inTurn<Item>(count: number, make: (index: number) => Promise<Item>): Promise<readonly Item[]> {
  const items: Item[] = []
  for (let index = 0; index < count; index++) items.push(await make(index))
  return items
}
