import { Command } from 'commander'
import { exportCommand } from './export-command.js'
import { verifyChainCommand } from './verify-chain-command.js'

/** `bailiwick audit` */
export function auditCommand(): Command {
  return new Command('audit')
    .description('Who changed what: the log as a file, and whether it is as it was written')
    .addCommand(exportCommand())
    .addCommand(verifyChainCommand())
}
