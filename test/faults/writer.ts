/**
 * A process that writes to a SQLite store, by itself or through an engine, until it is killed, and says on its standard output what was
 * acknowledged. Started by the tests beside it: `node writer.js <mode> <path>`.
 */
import { randomUUID } from 'node:crypto'
import { copyFileSync } from 'node:fs'
import { openEngine, readToken, type Store } from '@bailiwick/engine'
import { sqlite } from '@bailiwick/engine/sqlite'
import { commitNumber, model, shards } from './workload.js'

const [mode, path] = process.argv.slice(2) as [
  'kill-me' | 'kill-engine' | 'copy' | 'until-failure' | 'exit' | 'throw',
  string,
]

say('opening')
if (mode === 'kill-engine') await liveForever(path)
const store = await sqlite(path)()
say('open')
switch (mode) {
  case 'kill-me':
    await Promise.all(shards.map((shard) => writeForever(shard)))
    break
  case 'exit':
  case 'throw':
    // By then a thread writes the tables, and may be in the midst of that.
    setTimeout(() => {
      if (mode === 'exit') process.exit(7)
      throw new Error('thrown')
    }, 800)
    await Promise.all(shards.map((shard) => writeForever(shard)))
    break
  case 'copy':
    // Closing any descriptor of a file drops the locks that this process has on it.
    copyFileSync(path, `${path}.copy`)
    say('copied')
    setInterval(() => {}, 60_000)
    break
  case 'until-failure':
    await writeForever(shards[0]).catch((error) => say(`failed ${error.name} ${error.code}`))
    say(`read ${(await store.commitsSince(shards[0], 0)).length}`)
}

async function writeForever(shard: (typeof shards)[number]): Promise<never> {
  let revision = await store.revision(shard)
  for (;;) {
    const drafts: Parameters<Store['append']>[2] =
      revision % 3 === 0
        ? [commitNumber(shard, revision + 1), commitNumber(shard, revision + 2)]
        : [commitNumber(shard, revision + 1)]
    const result = await store.append(shard, revision, drafts)
    if (result.kind !== 'appended') throw new Error(`append: ${JSON.stringify(result)}`)
    revision = result.revision
    say(`acknowledged ${shard} ${revision}`)
  }
}

/** Give and take, in all organizations at once. */
async function liveForever(file: string): Promise<never> {
  const engine = await openEngine({ store: sqlite(file), model })
  say('open')
  const acknowledge = (token: Parameters<typeof readToken>[0]) => {
    const { shard, revision } = readToken(token, engine.changes.id)
    say(`acknowledged ${shard} ${revision}`)
  }
  await Promise.all(
    shards.map(async (organizationId) => {
      if ((await engine.getOrganization(organizationId)) === undefined)
        acknowledge((await engine.createOrganization({ id: organizationId, name: 'Any' })).token)
      for (let n = 1; ; n++) {
        const { value, token } = await engine.createMembership({ organizationId, userId: randomUUID() })
        acknowledge(token)
        const subject = { membershipId: value.id }
        const externalId = value.id
        acknowledge(
          (await engine.createResource({ organizationId, type: 'project', externalId, name: 'Any' })).token,
        )
        const resource = { type: 'project', externalId }
        const given = await engine.assignRole({ organizationId, subject, role: 'editor', resource })
        acknowledge(given.token)
        if (n % 2 === 0) acknowledge((await engine.removeAssignment(organizationId, given.value.id)).token)
        if (n % 3 === 0)
          acknowledge((await engine.deleteResource(organizationId, resource, { cascade: true })).token)
      }
    }),
  )
  throw new Error('it ended by itself')
}

function say(line: string): void {
  process.stdout.write(`${line}\n`)
}
