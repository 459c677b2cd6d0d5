import { existsSync } from 'node:fs'
import { Misconfigured } from '@bailiwick/core'
import { backupText, type Progress, writeBackupFile } from '@bailiwick/engine/backup'
import { Command, Option } from 'commander'
import { serviceOf } from '../ask-service.js'
import { type StoreOptions, storePlace, withStoreOptions } from '../store/store-place.js'
import { progressLine } from './progress-line.js'
import { remoteBackup } from './remote-backup.js'

interface BackupOptions extends StoreOptions {
  readonly url?: string
  readonly apiKey?: string
}

/** `bailiwick backup` */
export function backupCommand(): Command {
  const command = new Command('backup')
    .description('Everything that is stored, as of one moment, in one file; a service may go on meanwhile')
    .argument('<file>', 'where to; a file of this name is replaced when the new one is whole')
  return withStoreOptions(command, 'the data file, while no service has it open')
    .addOption(
      new Option('-u, --url <url>', 'a service that runs, in place of a data file').conflicts('data'),
    )
    .addOption(new Option('--api-key <key>', 'a key of it with the scope `admin`').env('BAILIWICK_API_KEY'))
    .action(async (file: string, options: BackupOptions) => {
      const { say, end } = progressLine('commits')
      const { position, store } = await writeBackup(file, options, say)
      end(`${file}: ${position} commits of store ${store}`)
    })
}

async function writeBackup(file: string, options: BackupOptions, onProgress: (progress: Progress) => void) {
  const { url, apiKey } = options
  if (url !== undefined) return writeBackupFile(await remoteBackup(serviceOf(url, apiKey)), file)
  const { kind, name, opener } = await storePlace(options)
  if (kind === 'file' && !existsSync(name)) throw new Misconfigured(`there is no data file \`${name}\``)
  const changes = await opener()
  try {
    const notebook = changes.notebook(Date.now)
    return await writeBackupFile(backupText({ changes, notebook, clock: Date.now }, onProgress), file)
  } finally {
    await changes.close()
  }
}
