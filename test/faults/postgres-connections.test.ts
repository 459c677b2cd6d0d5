import {
  type CheckQuestion,
  defineModel,
  isAuthorizationError,
  type MembershipId,
  type OrganizationId,
} from '@bailiwick/core'
import { type EmbeddedEngine, openEngine } from '@bailiwick/engine'
import { postgres } from '@bailiwick/engine/postgres'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { Random, seedOfRun } from '../oracle/random/random.js'
import { describeWithPostgres, runSql, type TestDatabase, testDatabase } from '../stores/test-database.js'

const isLong = process.env.RUNS === 'long'
const writes = isLong ? 10_000 : 400
/** Every connection breaks: more often than every five seconds, on any machine. */
const writesBetweenCuts = isLong ? 400 : 50
/** A node knows of the last write within a second or two, and at the latest by then on a machine that does much else. */
const withinMs = 30_000

const model = defineModel({
  resourceTypes: { project: { parents: ['organization'] } },
  permissions: { 'project:edit': 'project' },
  roles: { editor: { on: 'project', permissions: ['project:edit'] } },
})
const everyone = Array.from({ length: 10 }, (_, n) => `om_${n}` as MembershipId)
const everything = Array.from({ length: 10 }, (_, n) => `project-${n}`)

describeWithPostgres(
  `all connections broken again and again during ${writes} writes`,
  { timeout: 300_000 },
  () => {
    const organizationId = 'org_acme' as OrganizationId
    let database: TestDatabase
    let nodes: readonly EmbeddedEngine[]

    beforeAll(async () => {
      database = await testDatabase()
      const store = postgres(database.connectionString)
      nodes = await Promise.all([openEngine({ store, model }), openEngine({ store }), openEngine({ store })])
      const [first] = nodes as [EmbeddedEngine]
      await first.createOrganization({ id: organizationId, name: 'Acme' })
      for (const id of everyone) await first.createMembership({ organizationId, userId: id.slice(3), id })
      for (const externalId of everything)
        await first.createResource({ organizationId, type: 'project', externalId, name: externalId })
    })
    afterAll(async () => {
      for (const engine of nodes ?? []) await engine.close()
      await database?.stop()
    })

    test('every node answers within its bound what the last write left, and strongly at once', async () => {
      const seed = seedOfRun()
      const random = new Random(seed)
      const held = new Set<string>()
      const cuts: Promise<void>[] = []
      let failures = 0

      for (let n = 0; n < writes || (failures === 0 && n < 10 * writes); n++) {
        // While writes go on, so that some are broken off.
        if (n % writesBetweenCuts === 0) cuts.push(cutAll(database.connectionString))
        const engine = nodes[n % nodes.length] as EmbeddedEngine
        const membershipId = `om_${random.between(0, 9)}` as MembershipId
        const externalId = `project-${random.between(0, 9)}`
        const pair = `${membershipId} ${externalId}`
        const assignment = {
          organizationId,
          subject: { membershipId },
          role: 'editor',
          resource: { type: 'project', externalId },
        }
        // What broke off is done again until somebody says what has become of it.
        const write = () =>
          held.has(pair) ? engine.takeRole(assignment) : engine.assignRole(assignment).then(() => {})
        for (let isDone = false; !isDone; ) {
          try {
            await write()
            isDone = true
          } catch (error) {
            if (!isAuthorizationError(error)) throw error
            isDone = error.code === 'assignment_not_found'
            if (!isDone) expect(error.kind).toBe('unavailable')
            failures += 1
          }
        }
        if (!held.delete(pair)) held.add(pair)
      }

      await Promise.all(cuts)
      const endedAt = performance.now()
      const asked: CheckQuestion[] = everyone.flatMap((membershipId) =>
        everything.map((externalId) => ({
          organizationId,
          subject: { membershipId },
          permission: 'project:edit',
          resource: { type: 'project', externalId },
        })),
      )
      const wanted = everyone.flatMap((id) => everything.map((each) => held.has(`${id} ${each}`)))
      for (const engine of nodes) {
        const answers = async (consistency: 'bounded' | 'latest') =>
          (await engine.checkMany(asked, { consistency })).map(({ kind }) => kind === 'allow')
        expect(await answers('latest'), `SEED=${seed}`).toEqual(wanted)
        while (JSON.stringify(await answers('bounded')) !== JSON.stringify(wanted))
          expect(performance.now() - endedAt, `SEED=${seed}`).toBeLessThan(withinMs)
      }
      expect(failures, 'writes that were broken off').toBeGreaterThan(0)
      expect(wanted).toContain(true)
      expect(wanted).toContain(false)
    })
  },
)

function cutAll(connectionString: string): Promise<void> {
  return runSql(
    connectionString,
    'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()',
  )
}
