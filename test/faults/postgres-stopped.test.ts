import { type CheckQuestion, defineModel, type MembershipId, type OrganizationId } from '@bailiwick/core'
import { type EmbeddedEngine, openEngine } from '@bailiwick/engine'
import { postgres } from '@bailiwick/engine/postgres'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type PrivatePostgres, startPostgres } from '../stores/private-postgres.js'
import { describeWithOwnPostgres } from '../stores/test-database.js'

const isLong = process.env.RUNS === 'long'
const stops = isLong ? 20 : 3
const writesBetween = isLong ? 150 : 60
/** It serves again within a second or two, and at the latest by then on a machine that does much else. */
const withinMs = 30_000

const model = defineModel({
  resourceTypes: { project: { parents: ['organization'] } },
  permissions: { 'project:edit': 'project' },
  roles: { editor: { on: 'project', permissions: ['project:edit'] } },
})
const resource = { type: 'project', externalId: 'web' }

describeWithOwnPostgres(
  `PostgreSQL stopped at once ${stops} times under writes`,
  { timeout: 240_000 },
  () => {
    let server: PrivatePostgres
    let nodes: readonly EmbeddedEngine[]
    let organizationId: OrganizationId
    let membershipId: MembershipId

    beforeAll(async () => {
      server = await startPostgres({ fsync: 'on' })
      const store = postgres(server.connectionString)
      nodes = [await openEngine({ store, model }), await openEngine({ store, model })]
      organizationId = (await node(0).createOrganization({ name: 'Acme' })).value.id
      membershipId = (await node(0).createMembership({ organizationId, userId: 'ann' })).value.id
      await node(0).createResource({ organizationId, ...resource, name: 'Web' })
    })
    afterAll(async () => {
      for (const engine of nodes ?? []) await engine.close()
      await server?.stop()
    })

    const node = (n: number) => nodes[n % nodes.length] as EmbeddedEngine
    const mayEdit = (): CheckQuestion => ({
      organizationId,
      subject: { membershipId },
      permission: 'project:edit',
      resource,
    })

    test('loses nothing that was acknowledged, lets nobody in meanwhile, and serves again in time', async () => {
      const acknowledged: string[] = []
      /** Whether Ann may, as far as anybody was told; `unknown` while that changes, or after a failure. */
      let standing: { readonly may: 'yes' | 'no' | 'unknown' } = { may: 'no' }
      const outcomes = { served: 0, refused: 0, wrong: 0 }
      let isOver = false

      const check = async (n: number) => {
        const before = standing
        try {
          const { kind } = await node(n).check(mayEdit())
          outcomes.served += 1
          if (kind === 'allow' && before.may === 'no' && standing === before) outcomes.wrong += 1
        } catch (error) {
          expect(error).toMatchObject({ kind: 'unavailable' })
          outcomes.refused += 1
        }
      }
      const give = async (n: number) => {
        standing = { may: 'unknown' }
        await settled(
          node(n).assignRole({ organizationId, subject: { membershipId }, role: 'editor', resource }),
        )
        standing = { may: 'unknown' }
      }
      const takeAll = async (n: number) => {
        const held = await settled(node(n).listAssignments(organizationId, { membershipId }))
        if (held === undefined) return
        for (const { id } of held)
          if ((await settled(node(n + 1).removeAssignment(organizationId, id))) === undefined) return
        standing = { may: 'no' }
      }
      const create = async (n: number) => {
        const externalId = `made-${n}`
        const made = node(n).createResource({ organizationId, type: 'project', externalId, name: externalId })
        if ((await settled(made)) !== undefined) acknowledged.push(externalId)
      }
      const untilOver = async (work: (n: number) => Promise<void>) => {
        for (let n = 0; !isOver; n++) await work(n)
      }
      const load = [
        untilOver(create),
        untilOver((n) => (n % 2 === 0 ? give(n) : takeAll(n))),
        untilOver(check),
        untilOver((n) => check(n + 1)),
      ]

      for (let stop = 0; stop < stops; stop++) {
        const wanted = acknowledged.length + writesBetween
        while (acknowledged.length < wanted) await turn()
        await server.crash()
        // Nothing is answered from what was known before.
        for (const engine of nodes)
          await expect(engine.check(mayEdit())).rejects.toMatchObject({ kind: 'unavailable' })
        await server.start()
        const startedAt = performance.now()
        const known = acknowledged.length
        const { served } = outcomes
        while (outcomes.served === served || acknowledged.length === known) {
          expect(performance.now() - startedAt, 'until it serves again').toBeLessThan(withinMs)
          await turn()
        }
      }
      isOver = true
      await Promise.all(load)

      expect(outcomes.wrong, 'allowed after it was taken away').toBe(0)
      expect(outcomes.refused).toBeGreaterThan(0)
      const later = await openEngine({ store: postgres(server.connectionString) })
      for (const externalId of acknowledged)
        expect(await later.hasResource(organizationId, { type: 'project', externalId })).toBe(true)
      await later.close()
    })
  },
)

/** What came of it, or `undefined` when nobody can say. Whatever is not unavailable is a mistake of this test. */
async function settled<Value>(promise: Promise<Value>): Promise<Value | undefined> {
  try {
    return await promise
  } catch (error) {
    if ((error as { readonly code?: string }).code === 'assignment_not_found') return undefined
    expect(error).toMatchObject({ kind: 'unavailable' })
    return undefined
  }
}

function turn(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 1))
}
