import { Command, InvalidArgumentError, Option } from 'commander'
import { serviceOf } from '../ask-service.js'
import { wholeNumber } from '../numbers.js'
import { type StoreOptions, withStoreOptions } from '../store/store-place.js'
import type { IssuedKey, KeyDesk, Scope } from './key-desk.js'
import { localKeys } from './local-keys.js'
import { remoteKeys } from './remote-keys.js'
import { table } from './table.js'

interface Where extends StoreOptions {
  readonly url?: string
  readonly apiKey?: string
}

/** `bailiwick keys` */
export function keysCommand(): Command {
  const command = new Command('keys').description(
    'Keys of the HTTP API: in a data file or a database, or of a service that runs',
  )
  command.addCommand(
    at('create', 'make a key; it is shown this once')
      .requiredOption('-n, --name <name>', 'what it is for')
      .requiredOption('-s, --scopes <scopes>', 'what it may: read, check, write, admin', scopesOf)
      .option('--expires-in-days <days>', 'when it ends; default: never', wholeNumber(1, 3_650))
      .action((options: Where & { name: string; scopes: Scope[]; expiresInDays?: number }) =>
        withDesk(options, async (desk) => {
          const { name, scopes, expiresInDays } = options
          show(await desk.create({ name, scopes, expiresAt: inDays(expiresInDays) }))
        }),
      ),
  )
  command.addCommand(
    at('list', 'show every key, revoked ones too').action((options: Where) =>
      withDesk(options, async (desk) => console.log(table(await desk.list(), Date.now()))),
    ),
  )
  command.addCommand(
    at('rotate', 'make a key that may the same; the old one holds a while longer')
      .argument('<id>', 'key_…')
      .option('--keep-old-for-sec <seconds>', 'default: a day', wholeNumber(0, 2_592_000))
      .action((id: string, options: Where & { keepOldForSec?: number }) =>
        withDesk(options, async (desk) => show(await desk.rotate(id, options.keepOldForSec))),
      ),
  )
  command.addCommand(
    at('revoke', 'end a key now')
      .argument('<id>', 'key_…')
      .action((id: string, options: Where) =>
        withDesk(options, async (desk) => {
          await desk.revoke(id)
          console.error(`${id} holds no longer`)
        }),
      ),
  )
  return command
}

function at(name: string, description: string): Command {
  return withStoreOptions(
    new Command(name).description(description),
    'the data file, while no service has it open',
  )
    .option('-u, --url <url>', 'a service that runs, in place of both')
    .addOption(new Option('--api-key <key>', 'a key of it with the scope `admin`').env('BAILIWICK_API_KEY'))
}

async function withDesk(where: Where, act: (desk: KeyDesk) => Promise<void>): Promise<void> {
  const { url, apiKey } = where
  const desk = url === undefined ? await localKeys(where) : remoteKeys(serviceOf(url, apiKey))
  try {
    await act(desk)
  } finally {
    await desk.close()
  }
}

/** The key alone goes to stdout, so that it can be piped where it belongs. */
function show({ id, secret }: IssuedKey): void {
  console.error(`${id}: this is the only time that it is shown`)
  console.log(secret)
}

const known: readonly string[] = ['read', 'check', 'write', 'admin']

function scopesOf(text: string): Scope[] {
  const scopes = text.split(',')
  if (!scopes.every((scope) => known.includes(scope))) {
    throw new InvalidArgumentError(`It must be some of ${known.join(', ')}, joined by commas.`)
  }
  return scopes as Scope[]
}

function inDays(days: number | undefined): string | null {
  return days === undefined ? null : new Date(Date.now() + days * 86_400_000).toISOString()
}
