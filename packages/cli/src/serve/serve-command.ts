import { Command, Option } from 'commander'
import { wholeNumber } from '../numbers.js'
import { withStoreOptions } from '../store/store-place.js'
import { banner } from './banner.js'
import type { ServeOptions } from './serve.js'
import { stopOnSignals } from './stop-on-signals.js'

/** `bailiwick serve` */
export function serveCommand(): Command {
  const command = new Command('serve').description('Answer the HTTP API over a data file or a database')
  return withStoreOptions(command, 'the data file; it is made when there is none')
    .addOption(
      new Option('-p, --port <port>', 'where to listen; 0 takes a free one')
        .env('PORT')
        .default(4100)
        .argParser(wholeNumber(0, 65_535)),
    )
    .option('--host <host>', 'the address to listen on; `0.0.0.0` for all', '127.0.0.1')
    .option('-m, --model <file>', 'a model as JSON or YAML: what is stored is made to be this')
    .option('--memory <MiB>', 'what the organizations in memory may take', wholeNumber(1, 1_048_576), 512)
    .addOption(
      new Option('--api-key <key>', 'a key with the scope `admin`, which is kept nowhere').env(
        'BAILIWICK_API_KEY',
      ),
    )
    .option('--rate-limit <requests>', 'requests per second and key', wholeNumber(1, 1_000_000))
    .option('--max-in-flight <requests>', 'requests under way at once', wholeNumber(1, 1_000_000), 1_000)
    .addOption(
      new Option('--metrics <who>', 'who may read /metrics').choices(['key', 'public']).default('key'),
    )
    .addOption(
      new Option('--unknown-users <what>', 'what becomes of a membership for an unknown user')
        .choices(['create', 'refuse'])
        .default('create'),
    )
    .option('--public-url <url>', 'where callers reach the service; default: where it listens')
    .option('--issuer <url>', 'the issuer of the tokens that it signs; default: the public URL')
    .addOption(
      new Option(
        '--mint-sessions <whether>',
        'make sessions without a sign-in; default: outside of production',
      ).choices(['enabled', 'disabled']),
    )
    .addOption(
      new Option(
        '--webhook-targets <which>',
        'where webhooks may go: `private` allows HTTP and inside addresses',
      )
        .choices(['public', 'private'])
        .default('public'),
    )
    .addOption(
      new Option('--log-level <level>', 'what is logged, as lines of JSON on stdout')
        .choices(['info', 'warn', 'error', 'silent'])
        .default('info'),
    )
    .action(async (options: ServeOptions) => {
      // The server is the heaviest part: the other commands, and whoever mistypes an option, do not wait for it.
      const { serve } = await import('./serve.js')
      const running = await serve(options)
      console.error(banner(running))
      stopOnSignals(running)
    })
}
