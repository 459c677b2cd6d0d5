import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { defineModel } from '@bailiwick/core'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { formatCoverage, readCoverage } from './coverage.js'

const model = defineModel({
  resourceTypes: {},
  permissions: { a: 'organization', b: 'organization', c: 'organization', d: 'organization' },
  roles: { owner: { on: 'organization', permissions: ['a', 'b'] } },
})

let folder: string
beforeEach(() => {
  folder = join(mkdtempSync(join(tmpdir(), 'bailiwick-coverage-')), 'permissions')
})
afterEach(() => rmSync(join(folder, '..'), { recursive: true }))

const built = fileURLToPath(new URL('../../dist/index.js', import.meta.url))
const core = fileURLToPath(new URL('../../../core/dist/index.js', import.meta.url))

/** A test run in a process of its own, as runners make them: somebody asks for these permissions. */
function runTests(asked: readonly (readonly [person: string, permission: string])[]) {
  const script = `
    const { recordCoverage, testEngine } = await import(${JSON.stringify(built)})
    const { defineModel } = await import(${JSON.stringify(core)})
    recordCoverage(${JSON.stringify(folder)})
    const model = defineModel({
      resourceTypes: {},
      permissions: { a: 'organization', b: 'organization', c: 'organization', d: 'organization' },
      roles: { owner: { on: 'organization', permissions: ['a', 'b'] } },
    })
    const { authz, sessionFor } = await testEngine({ model, organizations: { acme: { people: { ada: { roles: ['owner'] }, bob: {} } } } })
    for (const [person, permission] of ${JSON.stringify(asked)}) await authz.check(await sessionFor(person), permission)
  `
  return promisify(execFile)(process.execPath, ['--input-type=module', '--eval', script])
}

test('what all processes of a run have seen is told, and what nobody asked', {
  timeout: 30_000,
}, async () => {
  await Promise.all([
    runTests([
      ['ada', 'a'],
      ['ada', 'b'],
    ]),
    runTests([
      ['bob', 'a'],
      ['bob', 'c'],
    ]),
  ])
  const coverage = readCoverage(folder, model)
  expect(coverage).toEqual({ neverAsked: ['d'], onlyAllowed: ['b'], onlyDenied: ['c'], both: ['a'] })
  expect(formatCoverage(coverage)).toBe(
    '1 of 4 permissions were both allowed and denied\nnever asked: d\nnever denied: b\nnever allowed: c',
  )
})
