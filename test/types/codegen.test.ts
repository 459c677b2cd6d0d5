import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { compileModel, defineModel } from '@bailiwick/core'
import { memoryStore, openEngine } from '@bailiwick/engine'
import { createServer } from '@bailiwick/server'
import { afterEach, beforeEach, describe, expect, onTestFinished, test } from 'vitest'
import { compile } from '../readme/applications.js'
import { runCommand } from '../server/start-service.js'

const definition = {
  resourceTypes: {
    workspace: {
      parents: ['organization'],
      name: "The customer's \\ space",
      description: 'line one\nline two',
    },
    'co-pilot': { parents: ['organization'], agent: true },
    project: { parents: ['workspace', 'organization'] },
  },
  permissions: {
    'project:view': 'project',
    'project:delete': { on: 'project', fresh: true, name: 'Delete', description: null },
  },
  roles: {
    admin: { on: 'organization', permissions: ['project:view', 'project:delete'] },
    member: { on: 'organization', permissions: [] },
    'project-viewer': { on: 'project', permissions: ['project:view'] },
  },
  defaultRole: 'member',
  roleMode: 'single',
  rolePriority: ['admin', 'member'],
  maxDepth: 4,
} as const
const { description: _, ...deletion } = definition.permissions['project:delete']
const model = compileModel({
  ...definition,
  permissions: { ...definition.permissions, 'project:delete': deletion },
})

let cwd: string
beforeEach(() => {
  cwd = mkdtempSync(join(tmpdir(), 'bailiwick-codegen-'))
})
afterEach(() => rmSync(cwd, { recursive: true }))

const codegen = (...args: string[]) => runCommand(['codegen', ...args], { cwd })
const made = (file = 'authz.model.ts') => readFileSync(join(cwd, file), 'utf8')

async function serve(): Promise<readonly string[]> {
  const engine = await openEngine({ store: memoryStore(), model })
  const apiKey = 'sk_test_codegen'
  const server = await createServer({ engine, apiKey })
  const url = await server.listen({ port: 0 })
  onTestFinished(async () => {
    await server.close()
    await engine.close()
  })
  return ['--url', url, '--api-key', apiKey]
}

describe('`bailiwick codegen`', () => {
  test('writes the model of a service, so that it compiles and says the same', async () => {
    const { code, err } = await codegen(...(await serve()))
    expect([code, err]).toEqual([0, './authz.model.ts: 3 types, 2 permissions, 3 roles\n'])
    const body = /defineModel\(([\s\S]*?)\)\n\ndeclare/.exec(made())?.[1]
    const again = defineModel(new Function(`return (${body})`)())
    expect(again).toEqual(model)
  })

  test('tells the compiler every slug, and the nearest one to a slip', async () => {
    writeFileSync(
      join(cwd, 'model.json'),
      JSON.stringify({
        ...definition,
        permissions: {
          'project:view': 'project',
          'project:delete': 'project',
          'billing:manage': 'organization',
        },
        roles: {},
        defaultRole: undefined,
        rolePriority: [],
      }),
    )
    expect((await codegen('--model', 'model.json')).code).toBe(0)
    const application = (name: string, code: string) => ({
      name,
      markdown: [
        '```ts file=authz.model.ts',
        made(),
        '```',
        '```ts file=app.ts',
        "import type { Authorizer } from '@bailiwick/client'",
        "import type { Permission, Session } from '@bailiwick/core'",
        "import { any, requirePermission } from '@bailiwick/express'",
        "import './authz.model.js'",
        'declare const authz: Authorizer',
        'declare const session: Session',
        code,
        '```',
        '',
      ].join('\n'),
    })
    const compiled = await compile([
      application(
        'right',
        "requirePermission(any('billing:manage', 'project:view'), { scope: 'organization' })",
      ),
      application('value', "export const permission: Permission = 'project:veiw'"),
      application('guard', "requirePermission('billing:mange')"),
      application('terms', "requirePermission(any('project:view', 'project:delet'))"),
      application('question', "authz.has(session, 'bling:manage')"),
      application('type', "authz.scopeFor(session, 'project:view', 'projct')"),
      application('resource', "authz.check(session, 'project:view', { type: 'projct', externalId: 'web' })"),
      application('nothing like it', "authz.has(session, 'export')"),
    ])
    onTestFinished(() => compiled.remove())
    expect(compiled.errorsOf('right')).toEqual([])
    const says = (name: string, message: string) =>
      expect(compiled.errorsOf(name)).toEqual([expect.stringContaining(message)])
    says('value', `Did you mean '"project:view"'?`)
    says('guard', `'"billing:mange"' is not assignable to parameter of type '"billing:manage"'`)
    says(
      'terms',
      `'"project:delet"' is not assignable to parameter of type '"project:delete" | "project:view"'`,
    )
    says('question', `'"bling:manage"' is not assignable to parameter of type '"billing:manage"'`)
    says('type', `'"projct"' is not assignable to parameter of type '"project"'`)
    says('resource', `'"projct"' is not assignable to type 'ResourceTypeSlug'. Did you mean '"project"'?`)
    says('nothing like it', `'"export"' is not assignable to parameter of type 'Permission'`)
  })

  test('checks in CI that nobody forgot to write it anew, and writes nothing then', async () => {
    writeFileSync(join(cwd, 'model.yaml'), 'permissions: { project:edit: organization }\n')
    const args = ['--model', 'model.yaml', '--out', 'model.ts']
    const missing = await codegen(...args, '--check')
    expect(missing.code).toBe(1)
    expect(missing.err).toContain('`model.ts` is not what model.yaml says: run the same without `--check`')
    expect((await codegen(...args)).code).toBe(0)
    expect((await codegen(...args, '--check')).code).toBe(0)
    const before = made('model.ts')
    writeFileSync(join(cwd, 'model.yaml'), 'permissions: { project:view: organization }\n')
    expect((await codegen(...args, '--check')).code).toBe(1)
    expect(made('model.ts')).toBe(before)
  })

  test.each([
    [[], 'nothing to read a model from: give `--url` or `--model`'],
    [['--url', 'http://127.0.0.1:9'], 'a service asks for a key: give `--api-key`'],
    [
      ['--url', 'http://127.0.0.1:9', '--model', 'model.json'],
      "cannot be used with option '-m, --model <file>'",
    ],
    [['--model', 'nowhere.json'], 'the model `nowhere.json` cannot be read: ENOENT'],
  ])('%j is told what is missing', async (args, message) => {
    const { code, err } = await codegen(...args)
    expect(code).toBe(1)
    expect(err).toContain(message)
  })
})

test('`bailiwick --version` says which', async () => {
  expect((await runCommand(['--version'], { cwd })).out).toMatch(/^\d+\.\d+\.\d+\n$/)
})
