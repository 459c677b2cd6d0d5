/**
 * Test files that change their process for good, or measure it: other modules in the place of ours, memory, a room
 * that all engines of a process share. Each has a process to itself, and test/house wants them named.
 */
export const needProcess: readonly string[] = [
  'packages/client/src/guard/kept-memory.test.ts',
  'packages/engine/src/graph/id-texts.test.ts',
  'packages/engine/src/graph/lookup.test.ts',
  'packages/engine/src/shard/organizations.test.ts',
  'packages/server/src/webhooks/send-webhook.test.ts',
  'test/faults/power-loss.test.ts',
]

/**
 * Test files that take longest, or much longer than their size tells: vitest begins with the largest. These begin
 * before all others, so that none of them is left when those are done.
 */
export const longest: readonly string[] = [
  'test/backup/command.test.ts',
  'test/examples/demo.test.ts',
  'test/oracle/engine-agrees-*.test.ts',
  'test/readme/{documents,scaling}.test.ts',
  'test/server/{command,command-over-postgres}.test.ts',
  'test/{doors,official-sdk,remote,replica}/{express,nest,oracle,worlds}.test.ts',
]
