import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type RunningScript, runScript } from '../scripts/run-script.js'

const main = fileURLToPath(new URL('../../examples/demo/dist/main.js', import.meta.url))
const freePorts = { PORT_ISSUER: '0', PORT_EXPRESS: '0', PORT_NEST: '0' }

let folder: string
let firstData: string
let first: Awaited<ReturnType<typeof demo>>

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'bailiwick-demo-'))
  firstData = join(folder, 'not', 'there', 'yet', 'authz.db')
  first = await demo(['--once', '--data', firstData])
})
afterAll(() => rm(folder, { recursive: true }))

// One after the other: starting them takes the processors, and side by side each has the time of all the others.
describe('the demo, as it is built', () => {
  test('sends its requests to both APIs, and every answer is the expected one', () => {
    const { code, out, err } = first
    expect(err).toBe('')
    expect(code).toBe(0)
    expect(out).toMatch(/: \d+ entities made$/m)
    for (const api of ['express', 'nest']) {
      expect(out).toMatch(line(api, 'ada', 'GET /projects/web', 200, 'token'))
      expect(out).toMatch(line(api, 'wanda', 'GET /projects/web', 200, 'engine'))
      expect(out).toMatch(line(api, 'noor', 'GET /projects/web', 403, 'engine'))
      expect(out).toMatch(line(api, 'nobody', 'GET /projects/web', 401, '-'))
      expect(out).toMatch(line(api, 'noor', 'GET /projects/web/secrets', 404, 'engine'))
    }
    expect(out).toMatch(/^every answer is the expected one$/m)
  })

  test('runs against a server by one changed line, and comes out the same', async () => {
    const { code, out, err } = await demo([
      '--once',
      '--engine',
      'remote',
      '--data',
      join(folder, 'remote.db'),
    ])
    expect(err).toBe('')
    expect(code).toBe(0)
    const rows = (text: string) => text.split('\n').slice(1)
    expect(rows(out)).toEqual(rows(first.out))
  })

  test('finds on a second start what the first has stored', async () => {
    const second = await demo(['--once', '--data', firstData])
    expect(second.code).toBe(0)
    expect(second.out).toContain(`${firstData}: as it was`)
  })

  test.each(['PORT_ISSUER', 'PORT_EXPRESS', 'PORT_NEST'])(
    'says which setting to change when the port of %s is taken',
    async (setting) => {
      const squatter = createServer().listen(0, '127.0.0.1')
      await once(squatter, 'listening')
      const { port } = squatter.address() as AddressInfo
      const { code, err } = await demo(['--once', '--data', join(folder, `${setting}.db`)], {
        [setting]: String(port),
      })
      squatter.close()
      expect(code).toBe(1)
      expect(err).toContain(`port ${port} is taken: set \`${setting}\``)
      expect(err).not.toContain('    at ')
    },
  )

  test('says that the data is in use when another demo has it open', async () => {
    const data = join(folder, 'shared.db')
    const running = serve(data)
    await running.says(/Ctrl-C ends/)
    const { code, err } = await demo(['--once', '--data', data])
    await running.stop()
    expect(code).toBe(1)
    expect(err).toMatch(/shared\.db` is open already/)
    expect(await running.exited).toBe(0)
  })

  test('hands a newcomer tokens and lines to paste that come out as it says', async () => {
    const running = serve(join(folder, 'serving.db'))
    await running.says(/Ctrl-C ends/)
    const { out } = running.said
    const tokens = new Map([...out.matchAll(/^([A-Z]+)=(\S+)$/gm)].map(([, name, token]) => [name, token]))
    const lines = [...out.matchAll(/curl -i (\S+)(?: -H "Authorization: Bearer \$([A-Z]+)")? +# (\d+)/g)]
    expect(lines).toHaveLength(6)
    for (const [line, url = '', who, status] of lines) {
      const headers: Record<string, string> =
        who === undefined ? {} : { authorization: `Bearer ${tokens.get(who)}` }
      expect((await fetch(url, { headers })).status, line).toBe(Number(status))
    }
    await running.stop()
    expect(await running.exited).toBe(0)
  })

  test('refuses an option or a port that there is not, and shows those that there are', async () => {
    const unknown = await demo(['--twice'])
    expect(unknown.code).toBe(1)
    expect(unknown.err).toContain("Unknown option '--twice'")
    expect(unknown.err).toContain('npm start -- --once')
    const port = await demo(['--once'], { PORT_NEST: '65536' })
    expect(port.code).toBe(1)
    expect(port.err).toContain('`PORT_NEST` must be a port from 0 to 65535, not `65536`')
  })
})

/** A line of the output: who asked what of which API, and what came of it. */
function line(api: string, who: string, request: string, status: number, decidedBy: string): RegExp {
  return new RegExp(`^${api} +${who} +${request} +${status} +${decidedBy} +\\S`, 'm')
}

async function demo(args: readonly string[], ports: Readonly<Record<string, string>> = {}) {
  const { said, exited } = start(args, ports)
  return { code: await exited, ...said }
}

function serve(data: string): RunningScript {
  return start(['--data', data], {})
}

function start(args: readonly string[], ports: Readonly<Record<string, string>>): RunningScript {
  return runScript(main, { cwd: folder, args, env: { ...freePorts, ...ports } })
}
