import { mkdtempSync, rmSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { figuresOf } from './figures-of.js'
import { startService } from './start-service.js'

const rounds = process.env.RUNS === 'long' ? 200 : 24
const key = 'sk_example_for_this_page'
const mebibyte = 1_048_576

let cwd: string
beforeEach(() => {
  cwd = mkdtempSync(join(tmpdir(), 'bailiwick-'))
})
afterEach(() => rmSync(cwd, { recursive: true }))

const whole = (head: string, body: string | Buffer, announced = Buffer.byteLength(body)) => [
  `${head}\r\nhost: a\r\ncontent-type: application/json\r\ncontent-length: ${announced}\r\n\r\n`,
  body,
]
const withKey = `authorization: Bearer ${key}`
const create = `POST /organizations HTTP/1.1\r\n${withKey}`
const chunk = `${mebibyte.toString(16)}\r\n${'x'.repeat(mebibyte)}\r\n`

/** What somebody sends who means harm, and how that is answered; no two rounds are alike. */
const hostile: readonly (readonly [
  what: string,
  status: string,
  bytes: (round: number) => (string | Buffer)[],
])[] = [
  ['a name of a mebibyte', '422', () => whole(create, JSON.stringify({ name: 'x'.repeat(mebibyte - 100) }))],
  ['a hundred thousand fields', '422', () => whole(create, manyFields)],
  ['half a million levels', '400', () => whole(create, `${'['.repeat(500_000)}${']'.repeat(500_000)}`)],
  ['a key twice', '400', () => whole(create, `{"name":"${'x'.repeat(500_000)}","name":"y"}`)],
  ['no UTF-8', '400', () => whole(create, Buffer.alloc(mebibyte, 0xff))],
  ['a length beyond the limit', '413', () => whole(create, '', 10 * mebibyte)],
  [
    'pieces without an end',
    '413',
    () => [
      `${create}\r\nhost: a\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n`,
      chunk,
      chunk,
    ],
  ],
  [
    'a key of its own',
    '401',
    (round) => whole(`POST /organizations HTTP/1.1\r\nauthorization: Bearer no_${round}`, '{}'),
  ],
  [
    'a path of its own',
    '404',
    (round) => [`GET /nowhere/${round}/${'x'.repeat(8_000)} HTTP/1.1\r\nhost: a\r\n\r\n`],
  ],
  [
    'headers beyond the limit',
    '431',
    () => [`GET / HTTP/1.1\r\nhost: a\r\nx: ${'y'.repeat(30_000)}\r\n\r\n`],
  ],
]

const manyFields = JSON.stringify(
  Object.fromEntries(Array.from({ length: 90_000 }, (_, at) => [`f${at}`, 1])),
)

test('hostile requests are refused, and leave nothing in memory', async () => {
  const service = await startService(['--api-key', key, '--log-level', 'silent'], { cwd })
  const { hostname, port } = new URL(service.url)
  const send = (bytes: (string | Buffer)[]) => exchange(hostname, Number(port), bytes)
  let round = 0
  const attack = async (rounds: number) => {
    for (const end = round + rounds; round < end; round++) {
      const answers = await Promise.all(hostile.map(([, , bytes]) => send(bytes(round))))
      expect(answers).toEqual(hostile.map(([, status]) => status))
      // And one who goes away in the middle of it.
      await exchange(hostname, Number(port), whole(create, 'x', mebibyte), { leave: 'at once' })
    }
  }
  // What a process takes for itself at first is no leak.
  await attack(12)
  const taken = async () => (await figuresOf(service.url, key))('process_resident_memory_bytes')
  const first = await taken()
  await attack(rounds)
  // Much less than was sent: five mebibytes a round. What is not collected yet goes later, and a leak only grows.
  await expect
    .poll(async () => {
      const grown = (await taken()) - first
      await attack(1)
      return grown
    })
    .toBeLessThan(96 * mebibyte)
  expect((await figuresOf(service.url, key))('bailiwick_http_requests_in_flight')).toBe(0)
})

/** Send bytes over a connection of their own. Returns the status of what comes back. */
function exchange(
  host: string,
  port: number,
  bytes: (string | Buffer)[],
  { leave }: { readonly leave?: 'at once' } = {},
): Promise<string> {
  return new Promise((resolve) => {
    let answer = ''
    const socket = connect(port, host, () => {
      for (const each of bytes) socket.write(each)
      if (leave !== undefined) setImmediate(() => socket.destroy())
    })
    const status = () => answer.split(' ')[1] ?? ''
    socket.on('data', (part) => {
      answer += part.toString('latin1')
      if (answer.includes('\r\n\r\n')) socket.destroy()
    })
    // Whoever still sends when the answer closes the connection may be told so by the system.
    socket.on('error', () => {})
    socket.on('close', () => resolve(status()))
  })
}
