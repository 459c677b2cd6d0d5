import { mkdtempSync, rmSync } from 'node:fs'
import { connect, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { figuresOf } from './figures-of.js'
import { type RunningService, startService } from './start-service.js'

const wanted = process.env.RUNS === 'long' ? 10_000 : 1_000
const key = 'sk_example_for_this_page'

let cwd: string
let sockets: Socket[]
beforeEach(() => {
  cwd = mkdtempSync(join(tmpdir(), 'bailiwick-'))
  sockets = []
})
afterEach(() => {
  for (const socket of sockets) socket.destroy()
  rmSync(cwd, { recursive: true })
})

test(`${wanted.toLocaleString('en')} connections that say nothing are no load, and cost little memory`, async () => {
  const service = await startService(['--api-key', key, '--max-in-flight', '2'], { cwd })
  const before = await figuresOf(service.url, key)
  const count = allowed(wanted)
  while (sockets.length < count) {
    const some = Math.min(200, count - sockets.length)
    sockets.push(...(await Promise.all(Array.from({ length: some }, () => open(service)))))
  }
  const after = await figuresOf(service.url, key)
  expect(after('bailiwick_http_requests_in_flight')).toBe(0)
  const grown = after('process_resident_memory_bytes') - before('process_resident_memory_bytes')
  expect(grown / count).toBeLessThan(32 * 1_024)
  // They are connections like any other: each is answered when it asks.
  const asked = sockets.filter((_, index) => index % 100 === 0)
  const answers = await inTurn(asked, (socket) => exchange(socket))
  expect(new Set(answers)).toEqual(new Set(['HTTP/1.1 200 OK']))
  expect(sockets.filter(({ destroyed }) => destroyed)).toEqual([])
})

/** As many as this machine lets a process have, and a word about it where that is fewer. */
function allowed(count: number): number {
  const report = (process.report?.getReport() ?? {}) as {
    readonly userLimits?: { readonly open_files?: { readonly hard: string } }
  }
  const files = Number(report.userLimits?.open_files?.hard)
  const most = Number.isNaN(files) ? count : files - 256
  if (most >= count) return count
  console.warn(`this machine lets a process open ${files} files: tested with ${most} connections only`)
  return most
}

function open({ url }: RunningService): Promise<Socket> {
  const { hostname, port } = new URL(url)
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), hostname, () => resolve(socket))
    socket.once('error', reject)
  })
}

/** The first line of the answer to a request on a connection that was open before. */
function exchange(socket: Socket): Promise<string> {
  return new Promise((resolve, reject) => {
    socket.once('data', (bytes) => resolve(bytes.toString().split('\r\n', 1)[0] as string))
    socket.once('close', () => reject(new Error('the connection was closed')))
    socket.write(`GET /authorization/permissions HTTP/1.1\r\nhost: a\r\nauthorization: Bearer ${key}\r\n\r\n`)
  })
}

async function inTurn<Item, Outcome>(
  items: readonly Item[],
  act: (item: Item) => Promise<Outcome>,
): Promise<readonly Outcome[]> {
  const outcomes: Outcome[] = []
  for (const item of items) outcomes.push(await act(item))
  return outcomes
}
