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
