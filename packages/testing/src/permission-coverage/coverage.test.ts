import { execFile } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { defineModel } from '@bailiwick/core'
import { expect, onTestFinished, test } from 'vitest'
import { formatCoverage, readCoverage } from './coverage.js'

const model = defineModel({
  resourceTypes: {},
  permissions: {
    a: 'organization',
    b: 'organization',
    c: 'organization',
    d: 'organization',
    e: 'organization',
    f: 'organization',
    g: 'organization',
  },
  roles: { owner: { on: 'organization', permissions: ['a', 'b', 'e'] } },
})

type Question = readonly [person: string, permission: string, by?: 'has' | 'list' | 'closed']

// Not in the system's folder for such things: the packages are found from here upward.
const here = fileURLToPath(new URL('.', import.meta.url))
const vitest = fileURLToPath(new URL('../../../../node_modules/vitest/vitest.mjs', import.meta.url))

/** The tests of an application, one file for each list: somebody asks for these permissions. */
function writeTests(files: readonly (readonly Question[])[]): string {
  const folder = mkdtempSync(join(here, '.application-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  mkdirSync(join(folder, 'tests'))
  const configuration = { root: folder, test: { include: ['tests/*.ts'], setupFiles: ['./coverage.ts'] } }
  writeFileSync(join(folder, 'vitest.config.js'), `export default ${JSON.stringify(configuration)}`)
  writeFileSync(
    join(folder, 'coverage.ts'),
    "import { recordCoverage } from '@bailiwick/testing'\nrecordCoverage('coverage/permissions')\n",
  )
  for (const [index, asked] of files.entries()) {
    writeFileSync(
      join(folder, 'tests', `${index}.ts`),
      `import { defineModel } from '@bailiwick/core'
      import { testEngine } from '@bailiwick/testing'
      import { test } from 'vitest'
      test('asks', async () => {
        const model = defineModel({
          resourceTypes: {},
          permissions: Object.fromEntries([...'abcdefg'].map((slug) => [slug, 'organization'])),
          roles: { owner: { on: 'organization', permissions: ['a', 'b', 'e'] } },
        })
        const organizations = { acme: { people: { ada: { roles: ['owner'] }, bob: {} } } }
        const { authz, sessionFor } = await testEngine({ model, organizations })
        const closed = await testEngine({ model, organizations })
        await closed.close()
        for (const [person, permission, by] of ${JSON.stringify(asked)}) {
          const session = await sessionFor(person)
          if (by === 'has') authz.has(session, permission)
          else if (by === 'list') await authz.scopeFor(session, permission, 'organization')
          else if (by === 'closed') await closed.authz.check(session, permission).catch(() => {})
          else await authz.check(session, permission)
        }
      })`,
    )
  }
  return folder
}

// By the runner itself: it ends its processes without telling them, and keeps the files of tests apart.
test('what all files of a run have seen is told, and what nobody asked', async () => {
  const cwd = writeTests([
    [
      ['ada', 'a'],
      ['ada', 'b'],
      ['ada', 'e', 'has'],
    ],
    [
      ['bob', 'a'],
      ['bob', 'c'],
      ['bob', 'e', 'list'],
      ['bob', 'f', 'has'],
      // What cannot be decided was neither allowed nor denied.
      ['bob', 'g', 'closed'],
    ],
  ])
  await promisify(execFile)(process.execPath, [vitest, 'run'], { cwd })
  const coverage = readCoverage(join(cwd, 'coverage/permissions'), model)
  expect(coverage).toEqual({
    neverAsked: ['d', 'g'],
    onlyAllowed: ['b'],
    onlyDenied: ['c', 'f'],
    both: ['a', 'e'],
  })
  expect(formatCoverage(coverage)).toBe(
    '2 of 7 permissions were both allowed and denied\nnever asked: d, g\nnever denied: b\nnever allowed: c, f',
  )
})
