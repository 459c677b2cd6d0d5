import { existsSync } from 'node:fs'
import { link, open, rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import { StoreUnusable } from '@bailiwick/core'
import { sqlite } from '@bailiwick/engine/sqlite'
import { fillStore, type Restore } from './fill-store.js'

/** Restore into a data file: made under another name, and there under its own when it is whole. */
export function restoreFile(data: string): Restore {
  return async (backup, onProgress) => {
    // What is left without its file is of one that was here before, and would be played into the new one.
    for (const name of [data, `${data}-wal`, `${data}-ahead`, `${data}-journal`])
      if (existsSync(name)) throw inTheWay(name)
    const draft = `${data}-restoring`
    const beside = ['wal', 'shm', 'ahead', 'journal', 'lock', 'reserve'].map((end) => `${draft}-${end}`)
    const leftovers = [draft, ...beside]
    try {
      for (const each of leftovers) await rm(each, { force: true })
      const restored = await fillStore(await sqlite(draft)(), backup, onProgress)
      // Unlike a renaming, it fails where something has come meanwhile.
      await link(draft, data).catch((error: NodeJS.ErrnoException) => {
        throw error.code === 'EEXIST' ? inTheWay(data) : error
      })
      return restored
    } finally {
      for (const each of leftovers) await rm(each, { force: true })
      await flushDirectory(dirname(data))
    }
  }
}

function inTheWay(name: string): StoreUnusable {
  return new StoreUnusable(
    'store_not_empty',
    `\`${name}\` is there already: move it away, or restore into another file`,
  )
}

/** A name is durable only with its directory. Windows has no such call, and needs none. */
async function flushDirectory(directory: string): Promise<void> {
  if (process.platform === 'win32' || !existsSync(directory)) return
  const handle = await open(directory, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}
