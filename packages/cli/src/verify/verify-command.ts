import { existsSync } from 'node:fs'
import { Misconfigured } from '@bailiwick/core'
import { verifyStore } from '@bailiwick/engine/backup'
import { Command } from 'commander'
import { progressLine } from '../backup/progress-line.js'
import { type StoreOptions, storePlace, withStoreOptions } from '../store/store-place.js'
import { tellVerified } from './tell-verified.js'

/** `bailiwick verify` */
export function verifyCommand(): Command {
  const command = new Command('verify').description(
    'Rebuild everything from the log, compare it with what is stored, and say what differs',
  )
  return withStoreOptions(command, 'the data file, while no service has it open').action(
    async (options: StoreOptions) => {
      const { say, end } = progressLine('commits')
      const { kind, name, opener } = await storePlace(options)
      if (kind === 'file' && !existsSync(name)) throw new Misconfigured(`there is no data file \`${name}\``)
      const store = await opener()
      try {
        const verified = await verifyStore(store, say)
        end(`${name} was read`)
        tellVerified(verified)
      } finally {
        await store.close()
      }
    },
  )
}
