/**
 * A process that asks about more organizations than it may hold: `node --expose-gc hold-organizations.js
 * <connection string> <MiB> <organizations> <resource>`. Says how many checks were allowed, and how many MB it took at
 * most beside what it took before.
 */
import { setTimeout } from 'node:timers/promises'
import type { MembershipId, OrganizationId } from '@bailiwick/core'
import { openEngine } from '@bailiwick/engine'
import { postgres } from '@bailiwick/engine/postgres'

const [connectionString = '', memory, organizations, externalId = ''] = process.argv.slice(2)
const engine = await openEngine({ store: postgres(connectionString), maxMemoryMb: Number(memory) })

async function taken(): Promise<number> {
  // What the last question needed is let go in a later turn of the event loop, and so are the bytes of arrays.
  for (let turn = 0; turn < 3; turn++) {
    await setTimeout(10)
    globalThis.gc?.()
  }
  const { heapUsed, external } = process.memoryUsage()
  return heapUsed + external
}

const may = async (n: number) => {
  const question = {
    organizationId: `org_${n}` as OrganizationId,
    subject: { membershipId: `om_${n}` as MembershipId },
    permission: 'folder:edit',
    resource: { type: 'folder', externalId },
  }
  return (await engine.check(question)).kind === 'allow'
}

// What the first load needs by itself is there afterwards.
await may(0)
const before = await taken()
let allowed = 0
let most = 0
for (let turn = 0; turn < 2; turn++) {
  for (let n = 1; n < Number(organizations); n++) {
    if (await may(n)) allowed += 1
    most = Math.max(most, (await taken()) - before)
  }
}
console.log(JSON.stringify({ allowed, mostMb: most / 2 ** 20 }))
await engine.close()
