import { expect, test } from 'vitest'
import { readServer } from './read-server.js'

const serverOf = (said: string, number: string, settings: Readonly<Record<string, string>> = {}) => ({
  rows: async (sql: string, ...parameters: readonly unknown[]) => {
    if (sql.includes('version()')) return [[said]] as never
    return [[sql.startsWith('SHOW') ? number : (settings[String(parameters[0])] ?? null)]] as never
  },
})

test('a server is as old as PostgreSQL 13 or younger; one that is older is refused in a sentence', async () => {
  expect(await readServer(serverOf('PostgreSQL 13.4 on x86_64', '130004'))).toMatchObject({ apart: 'locks' })
  expect(await readServer(serverOf('PostgreSQL 18.1 on x86_64', '180001'))).toMatchObject({ apart: 'locks' })
  await expect(readServer(serverOf('PostgreSQL 12.22 on x86_64', '120022'))).rejects.toMatchObject({
    kind: 'misconfigured',
    message: 'the server is PostgreSQL 12, and 13 or later is needed',
  })
})

test.each([
  ['CockroachDB', 'CockroachDB CCL v23.1.11 (x86_64-pc-linux-gnu, built 2023)', '130000'],
  ['CockroachDB', 'CockroachDB CCL v26.3.0 (x86_64-pc-linux-gnu, built 2026)', '130000'],
  ['YugabyteDB', 'PostgreSQL 15.12-YB-2025.1.0.0-b0 on x86_64-pc-linux-gnu', '150012'],
])('on %s nobody relies on locks of ours (%s)', async (name, said, number) => {
  expect(await readServer(serverOf(said, number))).toMatchObject({ name, apart: 'serializable' })
})

test.each([
  ['CockroachDB 22.2', 'CockroachDB CCL v22.2.9 (x86_64-pc-linux-gnu)', '130000', {}],
  ['YugabyteDB on PostgreSQL 11', 'PostgreSQL 11.2-YB-2024.2.0.0-b0 on x86_64', '110002', {}],
  [
    'CockroachDB that reads from followers',
    'CockroachDB CCL v24.1.0 (x86_64-pc-linux-gnu)',
    '130000',
    { default_transaction_use_follower_reads: 'on' },
  ],
  [
    'YugabyteDB that reads from followers',
    'PostgreSQL 15.12-YB-2025.1.0.0-b0 on x86_64',
    '150012',
    { yb_read_from_followers: 'on' },
  ],
] as const)('%s is refused', async (_, said, number, settings) => {
  await expect(readServer(serverOf(said, number, settings))).rejects.toMatchObject({ kind: 'misconfigured' })
})
