import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { remoteEngine } from '@bailiwick/client'
import { replicaEngine } from '@bailiwick/client/replica'
import type { AuthorizationEngine, ConsistencyToken } from '@bailiwick/core'
import type { StoreOpener } from '@bailiwick/engine'
import { backupText, openBackup, restoreBackup } from '@bailiwick/engine/backup'
import { postgres } from '@bailiwick/engine/postgres'
import { sqlite } from '@bailiwick/engine/sqlite'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { annEdits, docs } from '../replica/start-replica.js'
import { type AcmeServer, acme, ann, model, startAcme } from '../server/acme-server.js'
import { request } from '../server/request.js'
import { type StartedServer, startServer } from '../server/start-server.js'
import { describeWithPostgres, type TestDatabase, testDatabase } from '../stores/test-database.js'

describe('a service restored into a data file', () => {
  let folder: string
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'bailiwick-'))
  })
  afterAll(() => rmSync(folder, { recursive: true }))

  refusesLostTokens(() => sqlite(join(folder, 'restored.db')))
})

describeWithPostgres('a service restored into a database', () => {
  let database: TestDatabase
  beforeAll(async () => {
    database = await testDatabase()
  })
  afterAll(() => database?.stop())

  refusesLostTokens(() => postgres(database.connectionString))
})

/** Whoever shows what was written after the backup is told so; what the backup holds is answered. */
function refusesLostTokens(storeOf: () => StoreOpener): void {
  let first: AcmeServer
  let server: StartedServer
  /** Of a grant that the backup holds. */
  let held: ConsistencyToken
  /** Of the next one, which it does not. */
  let lost: ConsistencyToken

  beforeAll(async () => {
    first = await startAcme()
    const grant = async (resource: typeof docs) =>
      (
        await first.engine.assignRole({
          organizationId: acme,
          subject: { membershipId: ann },
          role: 'viewer',
          resource,
        })
      ).token
    held = await grant(docs)
    const { changes, notebook } = first.engine
    const store = await storeOf()()
    await restoreBackup(store, await openBackup(backupText({ changes, notebook, clock: Date.now })))
    await store.close()
    lost = await grant({ type: 'project', externalId: 'web' })
    server = await startServer({ store: storeOf(), model })
    // As many writes as it takes to have been at that revision, with other things in it.
    for (const name of ['One', 'Two', 'Three'])
      await server.engine.createGroup({ organizationId: acme, name })
  })
  afterAll(async () => {
    await server?.close()
    await first?.close()
  })

  test.each([
    ['a read', 'GET', '/organizations/org_acme', undefined],
    [
      'a check as WorkOS asks it',
      'POST',
      `/authorization/organization_memberships/${ann}/check`,
      { permission_slug: 'project:edit', resource_type_slug: 'project', resource_external_id: 'web' },
    ],
    [
      'checks in a batch',
      'POST',
      '/authorization/checks',
      {
        checks: [
          {
            organization_membership_id: ann,
            permission_slug: 'project:edit',
            resource_type_slug: 'project',
            resource_external_id: 'web',
          },
        ],
      },
    ],
  ])('over HTTP: %s', async (_, method, path, body) => {
    const ask = (token: string) =>
      request(server, {
        method,
        path,
        ...(body && { body }),
        headers: { 'bailiwick-consistency': token },
      })
    expect(await ask(held)).toMatchObject({ status: 200 })
    expect(await ask(lost)).toMatchObject({ status: 400, json: { reason: 'consistency_token_lost' } })
  })

  test.each([
    ['a remote engine', () => remoteEngine({ url: server.url, apiKey: server.apiKey, deadlineMs: 60_000 })],
    ['a replica', () => replicaEngine({ url: server.url, apiKey: server.apiKey, deadlineMs: 60_000 })],
  ])('to %s', async (_, open: () => Promise<AuthorizationEngine>) => {
    const engine = await open()
    try {
      const ask = (atLeast: ConsistencyToken) =>
        engine.check(annEdits, { consistency: { atLeast } }).then(
          ({ kind }) => kind,
          ({ code }: { readonly code: string }) => code,
        )
      // In memory, as far as it is held there.
      expect((await engine.check(annEdits)).kind).toBe('allow')
      expect(await ask(held)).toBe('allow')
      expect(await ask(lost)).toBe('consistency_token_lost')
    } finally {
      await engine.close()
    }
  })
}
