import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createIssuer } from '@bailiwick/testing'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { freePort } from '../scripts/free-port.js'
import { runScript } from '../scripts/run-script.js'
import { type CompiledApplications, compile } from './applications.js'
import { blocksOf } from './blocks.js'
import { read } from './documents.js'
import { promisesOf } from './shell-lines.js'

const readme = read('README.md')

/** One change to the README that the compiler must notice, and what it says. */
const mistakes = [
  {
    mistake: 'a mistyped permission in Express',
    from: "requirePermission('project:edit'",
    to: "requirePermission('project:edti'",
    says: /^app\.ts .*'"project:edti"' is not assignable/s,
  },
  {
    mistake: 'a mistyped permission in Nest',
    from: "@RequirePermission('project:edit'",
    to: "@RequirePermission('project:edti'",
    says: /^projects\.controller\.ts .*'"project:edti"' is not assignable/s,
  },
  {
    mistake: 'no word about which project',
    from: "requirePermission('project:edit', { resource: param('id') })",
    to: "requirePermission('project:edit')",
    says: /^app\.ts .*Expected 2 arguments, but got 1/s,
  },
]

let compiled: CompiledApplications
let scratch: string

beforeAll(async () => {
  scratch = await mkdtemp(join(tmpdir(), 'bailiwick-readme-'))
  compiled = await compile([
    { name: 'README.md', markdown: readme },
    ...mistakes.map(({ mistake, from, to }) => ({ name: mistake, markdown: readme.replace(from, to) })),
  ])
})
afterAll(async () => {
  await compiled.remove()
  await rm(scratch, { recursive: true })
})

describe('the application that the README builds', () => {
  test.each(['try.ts', 'try-nest.ts'])('answers as the curl lines say: %s', async (file) => {
    const port = await freePort()
    const script = runScript(compiled.scriptOf('README.md', file), {
      cwd: scratch,
      env: { PORT: String(port) },
    })
    const [, token] = await script.says(/^TOKEN=(\S+)$/m)
    const promises = promisesOf(blocksOf(readme))
    expect(promises.map(({ status }) => status)).toEqual([200, 403, 401])
    for (const { line, method, url, withToken, status } of promises) {
      const headers: Record<string, string> = withToken ? { authorization: `Bearer ${token}` } : {}
      const response = await fetch(url.replace(':3000', `:${port}`), { method, headers })
      expect(response.status, line).toBe(status)
    }
    await script.stop()
  })

  test('in earnest believes the issuer it is told, and keeps its decisions in a file', async () => {
    const issuer = await createIssuer({ audience: 'my-product' })
    const { jwksUrl, close } = await issuer.listen()
    const port = await freePort()
    const script = runScript(compiled.scriptOf('README.md', 'main.ts'), {
      cwd: scratch,
      env: { PORT: String(port), ISSUER: issuer.issuer, AUDIENCE: issuer.audience, JWKS_URL: jwksUrl },
    })
    const kim = { user: 'user_kim', organization: 'org_acme' }
    const stranger = await createIssuer({ audience: 'my-product' })
    expect(await statusWith(await issuer.token(kim), port, script.exited)).toBe(403)
    expect(await statusWith(await stranger.token(kim), port, script.exited)).toBe(401)
    expect(existsSync(join(scratch, 'authz.db'))).toBe(true)
    await script.stop()
    await close()
  })

  test.each(mistakes)('does not compile with $mistake', ({ mistake, from, says }) => {
    expect(readme).toContain(from)
    expect(compiled.errorsOf(mistake)).toEqual([expect.stringMatching(says)])
  })
})

/** Asks again while the application is still starting. */
async function statusWith(token: string, port: number, exited: Promise<unknown>): Promise<number> {
  let ended = false
  exited.then(() => {
    ended = true
  })
  for (;;) {
    try {
      const url = `http://localhost:${port}/projects/web`
      const headers = { authorization: `Bearer ${token}` }
      return (await fetch(url, { method: 'PATCH', headers })).status
    } catch (error) {
      if (ended) throw error
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
  }
}
