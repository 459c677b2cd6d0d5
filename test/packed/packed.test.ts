import { execFile } from 'node:child_process'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type CompiledApplications, compile } from '../readme/applications.js'
import { blocksOf, filesOf } from '../readme/blocks.js'
import { read } from '../readme/documents.js'
import { promisesOf } from '../readme/shell-lines.js'
import { freePort, runScript } from '../scripts/run-script.js'
import { makeProject, type Project, packed, tarballPath } from './project.js'

const run = promisify(execFile)
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

const nest = filesOf(blocksOf(read('docs/nest.md')))
const nestFiles = Object.fromEntries(
  ['model.ts', 'app.module.ts', 'controllers.ts'].map((file) => [`src/${file}`, nest.get(file) as string]),
)

/** The application of docs/nest.md, asked by a test of its own. */
const nestTest = (runner: string) => `${runner}
import 'reflect-metadata'
import { testEngine } from '@bailiwick/testing'
import { Test } from '@nestjs/testing'
import request from 'supertest'
import { AppModule } from './app.module.js'
import { model } from './model.js'

test('Kim edits one project and not the next', async () => {
  const product = await testEngine({
    model,
    organizations: {
      acme: {
        resources: { 'workspace:design': { 'project:web': {}, 'project:print': {} } },
        people: { kim: { on: { 'project:web': 'project-editor' } } },
      },
    },
  })
  const testing = await Test.createTestingModule({ imports: [AppModule.with(product.authz)] }).compile()
  const app = testing.createNestApplication({ logger: false })
  await app.init()
  const kim = await product.tokenFor('kim')
  const asked = async (path: string) =>
    (await request(app.getHttpServer()).patch(path).auth(kim, { type: 'bearer' })).status
  expect([await asked('/projects/web'), await asked('/projects/print')]).toEqual([200, 403])
  await expect(product).toAllow('kim', 'project:edit', 'project:web')
  await expect(product).toDeny('kim', 'project:edit', 'project:print')
  await app.close()
})
`

describe('the tarballs', () => {
  test('hold what their manifests say, by publint and attw', { timeout: 3 * minutes }, async () => {
    const tools = ['-p', 'publint@0.3.25', '-p', '@arethetypeswrong/cli@0.18.5']
    const looks = (await packed()).flatMap((file) => {
      const path = tarballPath(file)
      const publint = `publint run ${path} --strict`
      // The command has no door to import; the server is a module only.
      if (/-cli-/.test(file)) return [publint]
      return [publint, `attw ${path} --profile ${/-server-/.test(file) ? 'esm-only' : 'node16'}`]
    })
    await run('npx', ['--yes', ...tools, 'sh', '-c', looks.join(' && ')])
  })
})

describe('core and client alone', () => {
  let project: Project
  beforeAll(async () => {
    project = await makeProject({
      manifest: { type: 'module' },
      install: [],
      files: {},
      packages: ['core', 'client', 'wire'],
    })
  }, minutes)
  afterAll(() => project.remove())

  test('are less than a megabyte', async () => {
    const sizes = await Promise.all(
      ['core', 'client'].map((name) => project.filesIn(`node_modules/@bailiwick/${name}`)),
    )
    const bytes = sizes.flatMap((files) => [...files.values()]).reduce((sum, size) => sum + size, 0)
    expect(bytes).toBeGreaterThan(100_000)
    expect(bytes).toBeLessThan(1_000_000)
  })

  test('bring no native code with them', async () => {
    const files = [...(await project.filesIn('node_modules')).keys()]
    expect(files.filter((file) => /\.(node|so|dylib|dll|wasm)$/.test(file))).toEqual([])
    expect(files.filter((file) => /@bailiwick.engine/.test(file))).toEqual([])
  })

  test('verify tokens and ask an engine elsewhere, and only a replica needs the engine here', async () => {
    const imported = (door: string) =>
      project.run('node', '--input-type=module', '--eval', `await import('@bailiwick/client${door}')`)
    expect(await imported('')).toEqual({ code: 0, out: '' })
    expect(await imported('/replica')).toMatchObject({
      code: 1,
      out: expect.stringContaining("Cannot find package '@bailiwick/engine'"),
    })
  })
})

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

describe('a fresh Nest 11 application, in CommonJS and with Jest', () => {
  let project: Project
  beforeAll(async () => {
    project = await makeProject({
      manifest: {
        jest: {
          preset: 'ts-jest',
          rootDir: 'src',
          testRegex: '\\.test\\.ts$',
          moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
          setupFilesAfterEnv: ['@bailiwick/testing/jest', '<rootDir>/permissions.ts'],
        },
      },
      install: [
        '@nestjs/common@11',
        '@nestjs/core@11',
        '@nestjs/platform-express@11',
        '@nestjs/testing@11',
        'reflect-metadata',
        'rxjs',
        'supertest@7',
        'jest@30',
        'ts-jest@29',
        'typescript@5.9',
        '@types/jest@30',
        '@types/supertest@7',
        '@types/node@20',
      ],
      files: {
        ...nestFiles,
        'src/app.test.ts': nestTest("import '@bailiwick/testing/jest'"),
        'src/permissions.ts':
          "import { recordCoverage } from '@bailiwick/testing'\n\nrecordCoverage('coverage')\n",
        'permissions.mjs': `import { formatCoverage, readCoverage } from '@bailiwick/testing'
import { createRequire } from 'node:module'
const { model } = createRequire(import.meta.url)('./built/model.js')
console.log(formatCoverage(readCoverage('coverage', model)))
`,
        'tsconfig.json': JSON.stringify({
          compilerOptions: {
            target: 'es2023',
            module: 'nodenext',
            moduleResolution: 'nodenext',
            strict: true,
            skipLibCheck: true,
            esModuleInterop: true,
            experimentalDecorators: true,
            emitDecoratorMetadata: true,
          },
        }),
      },
    })
  }, 4 * minutes)
  afterAll(() => project.remove())

  test('adopts it by docs/nest.md alone', { timeout: 2 * minutes }, async () => {
    expect(await project.run('node_modules/.bin/tsc', '--noEmit')).toEqual({ code: 0, out: '' })
    expect(await project.run('node_modules/.bin/jest')).toMatchObject({
      code: 0,
      out: expect.stringContaining('1 passed'),
    })
  })

  test('says afterwards which permissions nobody has asked for', { timeout: minutes }, async () => {
    await project.run('node_modules/.bin/tsc', '--outDir', 'built', '--rootDir', 'src')
    const { code, out } = await project.run('node', 'permissions.mjs')
    expect([code, out]).toEqual([
      0,
      expect.stringMatching(/^1 of \d+ permissions were both allowed and denied\n/),
    ])
    expect(out).toMatch(/never asked/)
  })
})

describe('a fresh Nest 12 application, in modules and with Vitest', () => {
  let project: Project
  beforeAll(async () => {
    project = await makeProject({
      manifest: { type: 'module' },
      install: [
        '@nestjs/common@12',
        '@nestjs/core@12',
        '@nestjs/platform-express@12',
        '@nestjs/testing@12',
        'reflect-metadata',
        'rxjs',
        'supertest@7',
        'vitest@4',
        'typescript@5.9',
        '@types/supertest@7',
        '@types/node@20',
      ],
      files: {
        ...nestFiles,
        'src/app.test.ts': nestTest(
          "import '@bailiwick/testing/vitest'\nimport { expect, test } from 'vitest'",
        ),
        'tsconfig.json': JSON.stringify({
          compilerOptions: {
            target: 'es2023',
            module: 'nodenext',
            strict: true,
            skipLibCheck: true,
            experimentalDecorators: true,
            emitDecoratorMetadata: true,
          },
        }),
      },
    })
  }, 4 * minutes)
  afterAll(() => project.remove())

  test('adopts it by docs/nest.md alone', { timeout: 2 * minutes }, async () => {
    expect(await project.run('node_modules/.bin/tsc', '--noEmit')).toEqual({ code: 0, out: '' })
    expect(await project.run('node_modules/.bin/vitest', 'run')).toMatchObject({
      code: 0,
      out: expect.stringContaining('1 passed'),
    })
  })
})
