/**
 * A process that writes to a SQLite store until it is killed, and says on its standard output what was
 * acknowledged. Started by the tests beside it: `node writer.js <mode> <path>`.
 */
import { copyFileSync } from 'node:fs'
import type { Store } from '@bailiwick/engine'
import { sqlite } from '@bailiwick/engine/sqlite'
import { commitNumber, shards } from './workload.js'

const [mode, path] = process.argv.slice(2) as ['kill-me' | 'copy' | 'until-failure', string]

say('opening')
const store = await sqlite(path)()
say('open')
switch (mode) {
  case 'kill-me':
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

function say(line: string): void {
  process.stdout.write(`${line}\n`)
}
