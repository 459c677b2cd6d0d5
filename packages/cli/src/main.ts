import { readFileSync } from 'node:fs'
import { Command } from 'commander'
import { auditCommand } from './audit/audit-command.js'
import { backupCommand } from './backup/backup-command.js'
import { restoreCommand } from './backup/restore-command.js'
import { codegenCommand } from './codegen/codegen-command.js'
import { fail } from './fail.js'
import { keysCommand } from './keys/keys-command.js'
import { serveCommand } from './serve/serve-command.js'
import { verifyCommand } from './verify/verify-command.js'

const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'))

const program = new Command('bailiwick')
  .version(version)
  .description('Authorization for B2B products')
  .addCommand(serveCommand())
  .addCommand(keysCommand())
  .addCommand(auditCommand())
  .addCommand(backupCommand())
  .addCommand(restoreCommand())
  .addCommand(verifyCommand())
  .addCommand(codegenCommand())
  .showHelpAfterError('Run with `--help` to see what there is.')

program.parseAsync().catch(fail)
