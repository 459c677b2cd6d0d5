import { existsSync } from 'node:fs'
import { assertNever, Misconfigured } from '@bailiwick/core'
import { type ChainVerdict, linksOf, verifyChain } from '@bailiwick/engine'
import { readLinks } from '@bailiwick/engine/sqlite'
import { Command } from 'commander'
import { type StoreOptions, storePlace, withStoreOptions } from '../store/store-place.js'

/** `bailiwick audit verify` */
export function verifyChainCommand(): Command {
  const command = new Command('verify').description(
    'Recompute the chain of the log: whether anything was changed or taken out since it was written',
  )
  return withStoreOptions(command, 'the data file, while no service has it open')
    .option('--head <hash>', 'what the chain came to when it was exported or verified before')
    .action(async (options: StoreOptions & { readonly head?: string }) => tell(await verdictOn(options)))
}

async function verdictOn(options: StoreOptions & { readonly head?: string }): Promise<ChainVerdict> {
  const { kind, name, opener } = await storePlace(options)
  if (kind === 'file') {
    if (!existsSync(name)) throw new Misconfigured(`there is no data file \`${name}\``)
    // The log alone: a file that was tampered with may be none that a store opens.
    return verifyChain(readLinks(name), options)
  }
  const store = await opener()
  try {
    return await verifyChain(linksOf(store), options)
  } finally {
    await store.close()
  }
}

/** What scripts read goes to stdout, and whether all is well is the exit code. */
function tell(verdict: ChainVerdict): void {
  console.log(sentenceFor(verdict))
  if (verdict.kind !== 'whole') process.exitCode = 1
  else if (verdict.since > 1) {
    const { since } = verdict
    console.error(`the chain begins at position ${since}: what is before it is of a release without one`)
  }
}

function sentenceFor(verdict: ChainVerdict): string {
  switch (verdict.kind) {
    case 'whole':
      return `ok ${verdict.commits} commits${verdict.head === undefined ? '' : `, head ${verdict.head}`}`
    case 'broken':
      return verdict.how === 'missing'
        ? `the commit at position ${verdict.position} is missing`
        : `position ${verdict.position} does not fit: it, or what was before it, is not as it was written`
    case 'head_missing':
      return 'the log does not hold that head: its end was cut off, or it was written anew'
    default:
      return assertNever(verdict)
  }
}
