import { existsSync } from 'node:fs'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { Misconfigured } from '@bailiwick/core'
import { Command, Option } from 'commander'
import { serviceOf } from '../ask-service.js'
import { type StoreOptions, storePlace, withStoreOptions } from '../store/store-place.js'
import { instant, organizationId } from './filter-options.js'
import { remoteAuditLog } from './remote-audit-log.js'

interface ExportOptions extends StoreOptions {
  readonly url?: string
  readonly apiKey?: string
  readonly organization?: string
  readonly from?: string
  readonly to?: string
}

/** `bailiwick audit export` */
export function exportCommand(): Command {
  const command = new Command('export').description(
    'Write who changed what to stdout, a line of JSON each, oldest first; the last line has the head of the chain',
  )
  return withStoreOptions(command, 'the data file, while no service has it open')
    .addOption(
      new Option('-u, --url <url>', 'a service that runs, in place of a data file').conflicts('data'),
    )
    .addOption(new Option('--api-key <key>', 'a key of it with the scope `admin`').env('BAILIWICK_API_KEY'))
    .option('--organization <id>', 'only what concerns one organization', organizationId)
    .option(
      '--from <time>',
      'only what happened at this time, or later: 2026-01-31, or to the second',
      instant,
    )
    .option('--to <time>', 'only what happened until this time', instant)
    .action((options: ExportOptions) => writeOut(options))
}

async function writeOut(options: ExportOptions): Promise<void> {
  const filter = {
    ...(options.organization === undefined ? {} : { organization_id: options.organization }),
    ...(options.from === undefined ? {} : { range_start: options.from }),
    ...(options.to === undefined ? {} : { range_end: options.to }),
  }
  const { url, apiKey } = options
  if (url !== undefined) return toStdout(await remoteAuditLog(serviceOf(url, apiKey), filter))
  const { kind, name, opener } = await storePlace(options)
  if (kind === 'file' && !existsSync(name)) throw new Misconfigured(`there is no data file \`${name}\``)
  const { auditLogLines } = await import('@bailiwick/server')
  const store = await opener()
  try {
    await toStdout(auditLogLines(store, filter as Parameters<typeof auditLogLines>[1]))
  } finally {
    await store.close()
  }
}

function toStdout(lines: AsyncIterable<string | Uint8Array>): Promise<void> {
  return pipeline(Readable.from(lines), process.stdout, { end: false })
}
