import type { AuthorizationEngine } from '@bailiwick/core'
import { memoryStore, openEngine } from '@bailiwick/engine'
import { describe, expect, test } from 'vitest'
import { randomFrom, seed } from '../faults/random.js'
import { remotePlace } from '../remote/remote-place.js'
import { randomCall } from './random-call.js'
import { model, outcomeOf, type Tenant, tenantsOf } from './two-worlds.js'

const isLong = process.env.RUNS === 'long'
const [calls, callsOverHttp] = isLong ? [1_000_000, 20_000] : [20_000, 2_000]

describe(`an organization among others is as if it were alone (FAULTS_SEED=${seed})`, () => {
  test(`in ${calls} calls of one engine, with each other's ids`, { timeout: 600_000 }, async () => {
    const shared = await openEngine({ store: memoryStore({ access: 'exclusive' }), model })
    await expectApart(shared, calls)
  })

  test(`in ${callsOverHttp} calls over HTTP`, { timeout: 600_000 }, async () => {
    const shared = await remotePlace().open(model)
    await expectApart(shared, callsOverHttp)
    await shared.close()
  })

  test('and a call that did cross would be seen', async () => {
    const shared = await openEngine({ store: memoryStore({ access: 'exclusive' }), model })
    const tenants = await tenantsOf(shared)
    const [first, second] = tenants as [Tenant, Tenant]
    // Somebody gives a role in the second organization where the first one was meant.
    const astray: Tenant = { ...first, among: { ...first.among, id: second.among.id } }
    await expect(expectAlike([astray, second], 2_000)).rejects.toThrow('crossed')
  })
})

async function expectApart(shared: AuthorizationEngine, times: number): Promise<void> {
  const met = await expectAlike(await tenantsOf(shared), times)
  // Allowed and not, found and not: it was no empty world.
  expect(met.get('"allow"')).toBeGreaterThan(times / 100)
  expect(met.size).toBeGreaterThan(10)
}

/** Ask each organization in both engines, and count the answers. @throws {Error} at the first that differ. */
async function expectAlike(tenants: readonly Tenant[], times: number): Promise<ReadonlyMap<string, number>> {
  const random = randomFrom(seed)
  const met = new Map<string, number>()
  for (let n = 0; n < times; n++) {
    const [asked, stranger] = [random(tenants.length), random(tenants.length)].map((at) => tenants[at]) as [
      Tenant,
      Tenant,
    ]
    if (asked === stranger) continue
    const call = randomCall(random, stranger)
    const [among, alone] = [
      await outcomeOf(() => call(asked.among)),
      await outcomeOf(() => call(asked.alone)),
    ]
    if (among !== alone) throw new Error(`call ${n} crossed: ${among} among others, ${alone} alone`)
    met.set(alone, (met.get(alone) ?? 0) + 1)
  }
  return met
}
