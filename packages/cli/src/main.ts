import { Command } from 'commander'
import { fail } from './fail.js'
import { keysCommand } from './keys/keys-command.js'
import { serveCommand } from './serve/serve-command.js'

const program = new Command('bailiwick')
  .description('Authorization for B2B products')
  .addCommand(serveCommand())
  .addCommand(keysCommand())
  .showHelpAfterError('Run with `--help` to see what there is.')

program.parseAsync().catch(fail)
