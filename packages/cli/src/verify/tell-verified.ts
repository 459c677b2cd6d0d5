import type { Verified } from '@bailiwick/engine/backup'

/** What scripts read goes to stdout, and whether all is well is the exit code. */
export function tellVerified({ commits, shards, entities, notes, faults, faultCount }: Verified): void {
  if (faultCount === 0) {
    console.log(`ok: ${commits} commits, ${entities} entities in ${shards} shards, ${notes} notes`)
    return
  }
  for (const fault of faults) console.log(fault)
  if (faultCount > faults.length) console.log(`and ${faultCount - faults.length} more`)
  process.exitCode = 1
}
