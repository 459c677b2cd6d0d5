import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { type AddressInfo, connect, createServer, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, onTestFinished, test } from 'vitest'
import { freePort } from '../scripts/free-port.js'
import { type RunningScript, runScript } from '../scripts/run-script.js'
import { describeWithPostgres, testDatabase } from '../stores/test-database.js'
import { compile } from './applications.js'
import { blocksOf } from './blocks.js'
import { read } from './documents.js'

const run = promisify(execFile)
const command = fileURLToPath(new URL('../../packages/cli/bin/bailiwick.js', import.meta.url))
const name = 'docs/scaling.md'

describeWithPostgres('docs/scaling.md', () => {
  test('leads from one process to three nodes and a replica', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'bailiwick-scaling-'))
    const database = await testDatabase()
    const apiKey = 'sk_for_a_first_try'
    const env = { BAILIWICK_API_KEY: apiKey }
    const services: RunningScript[] = []
    onTestFinished(async () => {
      await Promise.all(services.map((service) => service.stop()))
      await database.stop()
      await rm(folder, { recursive: true })
    })
    const ports = new Map<string, string>()
    for (const port of ['4100', '4101', '4102', '4103']) ports.set(port, String(await freePort()))
    const here = (line: string) =>
      line
        .replace(/\b410\d\b/g, (port) => ports.get(port) as string)
        .replace('$BAILIWICK_DATABASE', database.connectionString)

    for (const { language, lines } of blocksOf(read(name))) {
      if (language === 'bash') {
        const { stdout } = await run('bash', ['-euo', 'pipefail', '-c', here(lines.join('\n'))], {
          env: { ...process.env, ...env },
        })
        expect(stdout).not.toContain('"code"')
      }
      for (const line of language === 'sh' ? lines : []) {
        const [program, bailiwick, ...args] = here(line).split(' ')
        if (program === 'export') continue
        expect([program, bailiwick]).toEqual(['npx', 'bailiwick'])
        const script = runScript(command, { cwd: folder, args, env })
        if (args[0] === 'serve') {
          services.push(script)
          await script.says(/http:\/\/\S+/)
        } else {
          expect([await script.exited, script.said]).toMatchObject([0, {}])
        }
      }
    }

    const nodes = ['4101', '4102', '4103'].map((port) => Number(ports.get(port)))
    const allowed = async (port: number, headers: Record<string, string> = {}) => {
      const path = '/authorization/organization_memberships/om_kim/check'
      const answer = await fetch(`http://127.0.0.1:${port}${path}`, {
        method: 'POST',
        headers: { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json', ...headers },
        body: JSON.stringify({
          permission_slug: 'project:edit',
          resource_type_slug: 'project',
          resource_external_id: 'web',
        }),
      })
      return ((await answer.json()) as { authorized: boolean }).authorized
    }
    expect(await Promise.all(nodes.map((port) => allowed(port)))).toEqual([true, true, true])

    const balancer = await balance(nodes)
    onTestFinished(() => {
      balancer.close()
    })
    const url = `http://127.0.0.1:${(balancer.address() as AddressInfo).port}`
    const compiled = await compile([{ name, markdown: read(name) }])
    onTestFinished(() => compiled.remove())
    const ask = async (): Promise<string> => {
      const app = runScript(compiled.scriptOf(name, 'app.ts'), {
        cwd: folder,
        env: { ...env, AUTHZ_URL: url },
      })
      const code = await app.exited
      // So says a machine that is too busy for the deadline of a decision: who hears it asks again.
      if (app.said.err.includes("code: 'decision_timeout'")) return ask()
      expect([code, app.said.err]).toEqual([0, ''])
      return app.said.out.trim()
    }
    expect(await ask()).toBe('allow')

    // What one node takes away, the others and the replica no longer give.
    const [first, ...others] = nodes as [number, ...number[]]
    await fetch(`http://127.0.0.1:${first}/authorization/organization_memberships/om_kim/role_assignments`, {
      method: 'DELETE',
      headers: { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json' },
      body: JSON.stringify({
        role_slug: 'project-editor',
        resource_type_slug: 'project',
        resource_external_id: 'web',
      }),
    })
    expect(await Promise.all(others.map((port) => allowed(port)))).toEqual([false, false])
    expect(await ask()).toBe('deny')
  })
})

/** Any balancer: each connection to the next node. */
async function balance(nodes: readonly number[]): Promise<Server> {
  let next = 0
  const server = createServer((socket) => {
    const node = connect(nodes[next++ % nodes.length] as number, '127.0.0.1')
    socket.pipe(node).pipe(socket)
    const end = () => {
      socket.destroy()
      node.destroy()
    }
    for (const side of [socket, node]) side.on('error', end).on('close', end)
  }).listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  return server
}
