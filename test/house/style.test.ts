import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { needProcess } from '../alone.js'
import { isTest, readHouse, root } from './read-house.js'

const mostLines = 300

/** Files under version control or about to be, which is what a stranger gets. */
const files = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], {
  cwd: root,
  encoding: 'utf8',
})
  .split('\n')
  .filter(
    (file) => file !== '' && existsSync(join(root, file)) && statSync(join(root, file)).size < 1_000_000,
  )
  .map((path) => ({ path, text: readFileSync(join(root, path), 'utf8') }))

const sources = files.filter(({ path }) => /\.tsx?$/.test(path))

describe('sources', () => {
  test('are there to look at', () => {
    expect(sources.length).toBeGreaterThan(100)
  })

  test('say what they export by name, never `export *` and never a default', () => {
    const nameless = sources.filter(
      ({ path, text }) => /^export (\*|default\b|\{[^}]*\bas default\b)/m.test(text) && !isRead(path),
    )
    expect(nameless.map(({ path }) => `${path}: export each thing by its name`)).toEqual([])
  })

  test(`have at most ${mostLines} lines where they ship`, () => {
    const long = readHouse().flatMap(({ name, files }) =>
      files
        .filter(({ path, text }) => !isTest(path) && !isList(path) && text.split('\n').length > mostLines)
        .map(({ path }) => `packages/${name}/${path}: ask whether two ideas live there`),
    )
    expect(long).toEqual([])
  })

  test('of the testing package read no environment: nothing there could be turned on in production', () => {
    const reading = sources.filter(
      ({ path, text }) =>
        path.startsWith('packages/testing/src/') && !isTest(path) && /process\.env|NODE_ENV/.test(text),
    )
    expect(reading.map(({ path }) => path)).toEqual([])
  })

  test('have a process to themselves where they test with other modules or measure memory', () => {
    const changing = sources.filter(
      ({ path, text }) =>
        isTest(path) && /\bvi\.(mock|doMock|resetModules|stub\w+)\(|\bprocess\.memoryUsage\(/.test(text),
    )
    expect(changing.length).toBeGreaterThan(1)
    expect(changing.map(({ path }) => path).filter((path) => !needProcess.includes(path))).toEqual([])
    expect(needProcess.filter((path) => !sources.some((source) => source.path === path))).toEqual([])
  })

  test('are in no file called utils', () => {
    expect(
      sources.filter(({ path }) => /(^|\/)(utils?|helpers?)\.ts/.test(path)).map(({ path }) => path),
    ).toEqual([])
  })
})

test('whoever writes a test finds in CONTRIBUTING.md what each folder is for', () => {
  const folders = new Set(files.map(({ path }) => /^test\/[^/]+\//.exec(path)?.[0]))
  folders.delete(undefined)
  const guide = readFileSync(join(root, 'CONTRIBUTING.md'), 'utf8')
  expect(folders.size).toBeGreaterThan(10)
  expect([...folders].filter((folder) => !guide.includes(`\`${folder}\``))).toEqual([])
})

describe('what anybody installs', () => {
  const hosts =
    /registry\.(npmjs|npmmirror|yarnpkg)\.|npm\.pkg\.github\.|^\s*(tarball|registry|resolved)\b.*:\/\//m

  // Put together here, for this file names none either.
  const address = `${'https:'}//somewhere.example`
  test.each([
    [`tarball: ${address}/x.tgz`, true],
    [`  resolved "${address}/x.tgz"`, true],
    [`registry=${address}/`, true],
    ['resolution: {integrity: sha512-x}', false],
  ])('%s names a registry: %s', (line, named) => {
    expect(hosts.test(line)).toBe(named)
  })

  test('comes from the registry of his own choice: no file names one', () => {
    expect(files.some(({ path }) => path === 'pnpm-lock.yaml')).toBe(true)
    const naming = files.filter(({ text }) => hosts.test(text))
    expect(naming.map(({ path }) => `${path}: take the registry's address out`)).toEqual([])
  })
})

/** The list of what a package offers, by name. */
function isList(path: string): boolean {
  return path === 'src/index.ts'
}

/** Configuration that a tool reads by its default export. */
function isRead(path: string): boolean {
  return /(^|\/)[\w.-]+\.config\.ts$/.test(path)
}
