import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type CompiledApplications, compile } from '../readme/applications.js'
import { blocksOf } from '../readme/blocks.js'
import { read } from '../readme/documents.js'
import { promisesOf } from '../readme/shell-lines.js'
import { freePort } from '../scripts/free-port.js'
import { runScript } from '../scripts/run-script.js'
import { makeProject, type Project } from './project.js'

const minutes = 60_000

const doors = [
  ...['core', 'wire', 'engine', 'engine/backup', 'engine/sqlite', 'engine/postgres'],
  ...['client', 'client/replica', 'express', 'fastify', 'hono', 'mcp', 'testing'],
]

const importing = (...names: readonly string[]) =>
  names.map((door) => `await import('@bailiwick/${door}')`).join('\n')

const compileDocuments = (documents: readonly string[], { folder }: Project) =>
  compile(
    documents.map((name) => ({ name, markdown: read(name) })),
    folder,
  )

describe('an empty project', () => {
  let project: Project
  let compiled: CompiledApplications
  const readme = read('README.md')
  const documents = ['README.md', 'docs/express.md', 'docs/fastify.md', 'docs/hono.md', 'docs/mcp.md']
  beforeAll(async () => {
    project = await makeProject({
      manifest: { type: 'module' },
      install: [
        ...['express@5', '@types/express@5', '@types/node@20'],
        ...[
          '@nestjs/common@12',
          '@nestjs/core@12',
          '@nestjs/platform-express@12',
          'reflect-metadata',
          'rxjs',
        ],
        ...['fastify@5', 'hono@4', '@hono/node-server@2', '@modelcontextprotocol/sdk@1', 'zod@4'],
        ...['supertest@7', '@types/supertest@7'],
      ],
      files: {},
    })
    compiled = await compileDocuments(documents, project)
  }, 3 * minutes)
  afterAll(() => project.remove())

  test.each(documents)('compiles what %s says', (name) => {
    expect(compiled.errorsOf(name)).toEqual([])
  })

  test.each(['try.ts', 'try-nest.ts'])('answers as its curl lines say: %s', async (file) => {
    const port = await freePort()
    await mkdir(join(project.folder, 'run'), { recursive: true })
    const script = runScript(compiled.scriptOf('README.md', file), {
      cwd: join(project.folder, 'run'),
      env: { PORT: String(port) },
    })
    const [, token] = await script.says(/^TOKEN=(\S+)$/m)
    for (const { line, method, url, withToken, status } of promisesOf(blocksOf(readme))) {
      const headers: Record<string, string> = withToken ? { authorization: `Bearer ${token}` } : {}
      const response = await fetch(url.replace(':3000', `:${port}`), { method, headers })
      expect(response.status, line).toBe(status)
    }
    await script.stop()
  })

  test('has the command', async () => {
    expect(await project.run('node_modules/.bin/bailiwick', '--version')).toMatchObject({
      code: 0,
      out: /^\d/,
    })
  })

  test('finds every door by import', async () => {
    const script = importing(...doors, 'nest')
    expect(await project.run('node', '--input-type=module', '--eval', script)).toEqual({ code: 0, out: '' })
  })

  test.each(['22.23.3', '24.21.0'])('finds every door by import on Node %s', async (version) => {
    const script = importing(...doors, 'nest')
    const node = ['--yes', '-p', `node@${version}`, 'node']
    const { code, out } = await project.run('npx', ...node, '--input-type=module', '--eval', script)
    expect([code, out.replaceAll(/^npm warn .*\n/gm, '')]).toEqual([0, ''])
  })

  // As Jest does, which knows no module behind `require`. Nest 12 is modules only; see Nest 11 below.
  test('finds every door by require', async () => {
    const script = doors.map((door) => `require('@bailiwick/${door}')`).join('\n')
    const flags = ['--no-experimental-require-module', '--input-type=commonjs']
    expect(await project.run('node', ...flags, '--eval', script)).toEqual({ code: 0, out: '' })
  })
})

describe('the oldest of everything that is supported', () => {
  let project: Project
  let compiled: CompiledApplications
  const documents = [
    'docs/express.md',
    'docs/fastify.md',
    'docs/hono.md',
    'docs/mcp.md',
    'docs/lists-and-filters.md',
  ]
  beforeAll(async () => {
    project = await makeProject({
      manifest: { type: 'module' },
      install: [
        ...['express@4.18.0', '@types/express@4', '@types/node@20', 'supertest@7', '@types/supertest@7'],
        ...[
          'fastify@5.0.0',
          'hono@4.0.0',
          '@hono/node-server@1',
          '@modelcontextprotocol/sdk@1.32.2',
          'zod@4',
        ],
        ...['drizzle-orm@0.44.0', 'kysely@0.28.0', 'pg@8.15.0', '@types/pg@8'],
        ...['@nestjs/common@11.0.0', '@nestjs/core@11.0.0', 'reflect-metadata@0.2', 'rxjs@7.2.0'],
      ],
      files: {},
    })
    compiled = await compileDocuments(documents, project)
  }, 3 * minutes)
  afterAll(() => project.remove())

  test.each(documents)('compiles what %s says', (name) => {
    expect(compiled.errorsOf(name)).toEqual([])
  })

  test('finds every door by import', async () => {
    const script = importing(...doors, 'nest', 'client/drizzle', 'client/kysely')
    expect(await project.run('node', '--input-type=module', '--eval', script)).toEqual({ code: 0, out: '' })
  })
})
