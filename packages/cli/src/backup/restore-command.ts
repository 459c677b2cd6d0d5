import { readBackupFile } from '@bailiwick/engine/backup'
import { Command } from 'commander'
import { type StoreOptions, storePlace, withStoreOptions } from '../store/store-place.js'
import { tellVerified } from '../verify/tell-verified.js'
import { progressLine } from './progress-line.js'
import { restoreDatabase } from './restore-database.js'
import { restoreFile } from './restore-file.js'

/** `bailiwick restore` */
export function restoreCommand(): Command {
  const command = new Command('restore')
    .description('Make a new data file, or fill an empty database, from a backup')
    .argument('<file>', 'the backup')
  return withStoreOptions(command, 'the data file; there must be none yet').action(
    async (file: string, options: StoreOptions) => {
      const { say, end } = progressLine('commits')
      const backup = await readBackupFile(file)
      const { kind, name, opener } = await storePlace(options)
      const restore =
        kind === 'file' ? restoreFile(name) : restoreDatabase(options.database as string, opener)
      const verified = await restore(backup, say)
      end(`${name}: ${verified.commits} commits, as of ${backup.header.madeAt}`)
      if (verified.faultCount > 0) tellVerified(verified)
    },
  )
}
