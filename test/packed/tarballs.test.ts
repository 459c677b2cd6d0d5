import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { makeProject, type Project, packed, tarballPath } from './project.js'

const run = promisify(execFile)
const minutes = 60_000

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

describe('core and engine alone', () => {
  let project: Project
  beforeAll(async () => {
    project = await makeProject({ manifest: {}, install: [], files: {}, packages: ['core', 'engine'] })
  }, minutes)
  afterAll(() => project.remove())

  // While a thread writes the tables, its connection shares memory beside the file.
  const writing = `(async () => {
    const store = await sqlite('authz.db')()
    const shard = 'org_acme'
    const from = await store.revision(shard)
    for (let n = from; n < from + 2_500; n++)
      await store.append(shard, n, [{ at: '', changes: [{ op: 'put', kind: 'group', entity: { id: 'group_' + n } }] }])
    console.log(readdirSync('.').includes('authz.db-shm') ? 'a thread' : 'none')
    await store.close()
  })()`

  test.each([
    [
      'imported',
      'module',
      "import { readdirSync } from 'node:fs'; import { sqlite } from '@bailiwick/engine/sqlite'",
    ],
    [
      'required',
      'commonjs',
      "const { readdirSync } = require('node:fs'); const { sqlite } = require('@bailiwick/engine/sqlite')",
    ],
  ])('%s, the thread that writes the tables is found', async (_, type, doors) => {
    const { code, out } = await project.run('node', `--input-type=${type}`, '--eval', `${doors}; ${writing}`)
    expect({ code, out: out.trim() }).toEqual({ code: 0, out: 'a thread' })
  })
})
