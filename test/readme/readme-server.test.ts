import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, onTestFinished, test } from 'vitest'
import { freePort } from '../scripts/free-port.js'
import { runScript } from '../scripts/run-script.js'
import { blocksOf } from './blocks.js'
import { read } from './documents.js'

const run = promisify(execFile)
const command = fileURLToPath(new URL('../../packages/cli/bin/bailiwick.js', import.meta.url))

test('the server that the README starts comes from nothing to a decision that says why', async () => {
  const scratch = await mkdtemp(join(tmpdir(), 'bailiwick-readme-server-'))
  const port = await freePort()
  const serve = / serve -- (.*)$/m.exec(read('README.md'))?.[1]?.replace('4100', String(port)) ?? ''
  const server = runScript(command, { cwd: scratch, args: ['serve', ...serve.split(' ')] })
  onTestFinished(async () => {
    await server.stop()
    await rm(scratch, { recursive: true })
  })
  await server.says(/http:\/\/\S+/)

  const [block] = blocksOf(read('README.md')).filter(({ language }) => language === 'bash')
  const script = block?.lines.join('\n').replace(':4100', `:${port}`) ?? ''
  const { stdout } = await run('bash', ['-euo', 'pipefail', '-c', script])
  const answers: readonly Record<string, unknown>[] = stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line))

  expect(answers.filter(({ code }) => code !== undefined)).toEqual([])
  const [denied, , allowed] = answers.slice(-3)
  const onWeb = { role: { slug: 'project-editor' }, resource: { external_id: 'web' } }
  expect(denied).toMatchObject({ authorized: false, nearest_misses: [onWeb] })
  expect(allowed).toMatchObject({ authorized: true, grants: [onWeb] })
})
