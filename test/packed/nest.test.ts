import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { blocksOf, filesOf } from '../readme/blocks.js'
import { read } from '../readme/documents.js'
import { makeProject, type Project } from './project.js'

const minutes = 60_000

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
