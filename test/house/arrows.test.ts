import { describe, expect, test } from 'vitest'
import { brokenArrows } from './arrows.js'
import { cycles } from './cycles.js'
import { type Manifest, type Package, readHouse } from './read-house.js'
import { importsOf } from './read-imports.js'

describe('the house as it is', () => {
  const house = readHouse()

  test('has packages, and files that import each other, to look at', () => {
    expect(house.length).toBeGreaterThanOrEqual(6)
    const imports = house.flatMap(({ files }) => files.flatMap(({ text }) => importsOf(text)))
    expect(imports.length).toBeGreaterThan(200)
  })

  test('keeps to its arrows', () => {
    expect(brokenArrows(house)).toEqual([])
  })

  test('has no ring of imports inside a package', () => {
    expect(house.flatMap(cycles)).toEqual([])
  })
})

describe('an import is found', () => {
  test.each([
    ['of a value', "import { check } from './check.js'", './check.js'],
    ['over several lines', "import {\n  type A,\n  b,\n} from '@bailiwick/core'", '@bailiwick/core'],
    ['of a type', "import type { Model } from '@bailiwick/core'", '@bailiwick/core'],
    ['for its effect', "import 'reflect-metadata'", 'reflect-metadata'],
    ['that is passed on', "export { check } from './check.js'", './check.js'],
    ['of a type that is passed on', "export type {\n  Model,\n} from './model.js'", './model.js'],
    ['at run time', "  const door = await import('@bailiwick/engine/sqlite')", '@bailiwick/engine/sqlite'],
    ['inside a type', "function f(a: import('node:http').Server): void", 'node:http'],
    ['in the old way', "const fs = require('node:fs')", 'node:fs'],
    ['that augments', "declare module '@bailiwick/core' {", '@bailiwick/core'],
  ])('%s', (_, line, specifier) => {
    expect(importsOf(`export const before = 'x'\n\n${line}\n`)).toEqual([specifier])
  })

  test.each([
    ['an example in a comment', " * import { defineModel } from '@bailiwick/core'"],
    ['a line that is commented out', "// import { check } from './check.js'"],
    ['a constant that is exported', "export const from = 'here'"],
  ])('but not in %s', (_, line) => {
    expect(importsOf(`${line}\n`)).toEqual([])
  })
})

describe('a broken rule is a sentence that says what to do', () => {
  test.each([
    [
      'against the arrows',
      'engine',
      "import { Authorizer } from '@bailiwick/client'",
      'engine may import @bailiwick/core; move the code',
    ],
    [
      'against the arrows, of a type only',
      'express',
      "import type { Store } from '@bailiwick/engine'",
      'express may import @bailiwick/client, @bailiwick/core',
    ],
    [
      'of Node in core',
      'core',
      "import { readFileSync } from 'node:fs'",
      'core has no I/O and no dependencies',
    ],
    ['of a library in core', 'core', "import { ulid } from 'ulid'", 'core has no I/O and no dependencies'],
    [
      'past the doors',
      'testing',
      "import { sqlite } from '@bailiwick/engine/sqlite/sqlite.js'",
      'come in through @bailiwick/engine or @bailiwick/engine/sqlite',
    ],
    [
      'of a package that is not there',
      'client',
      "import { parse } from '@bailiwick/wire'",
      'there is no such package',
    ],
    [
      'past the wall',
      'express',
      "import { check } from '../../client/src/check.js'",
      'import the package by its name',
    ],
    [
      'through an inner wall',
      'engine',
      "import { connect } from './sqlite/connect.js'",
      'which has a door of its own',
    ],
    [
      'that is not declared',
      'client',
      "import { Pool } from 'undici'",
      'packages/client imports undici: add it to its dependencies',
    ],
  ])('an import %s', (_, name, line, sentence) => {
    const before = brokenArrows(madeUp)
    expect(before).toEqual([])
    const broken = brokenArrows(withFile(name, 'src/new.ts', line))
    expect(broken).toContainEqual(expect.stringContaining(sentence))
    for (const each of broken) expect(each).toContain(`packages/${name}`)
  })

  test('a test may import more, but comes in through the doors as well', () => {
    const line = "import { memoryStore } from '@bailiwick/engine'"
    expect(brokenArrows(withFile('client', 'src/new.test.ts', line))).toEqual([])
    const inside = "import { memoryStore } from '@bailiwick/engine/store/memory-store.js'"
    expect(brokenArrows(withFile('client', 'src/new.test.ts', inside))).toHaveLength(1)
  })

  test.each([
    [
      'client',
      { dependencies: { '@bailiwick/core': '', '@bailiwick/engine': '' } },
      'which client may not import',
    ],
    ['core', { dependencies: { ulid: '' } }, 'which core may not import'],
    ['client', { dependencies: { '@bailiwick/core': '', jose: '' } }, 'never imports jose: remove it'],
  ])('a dependency of %s: %j', (name, dependencies, sentence) => {
    const house = madeUp.map((each) =>
      each.name === name ? { ...each, manifest: { ...each.manifest, ...dependencies } } : each,
    )
    expect(brokenArrows(house)).toContainEqual(expect.stringContaining(sentence))
  })

  test('what a package leaves to its user, the package that uses it may bring along', () => {
    const cli = (...packages: string[]) =>
      packageOf(
        'cli',
        { dependencies: Object.fromEntries(packages.map((each) => [each, ''])) },
        { 'src/main.ts': packages.includes('@bailiwick/engine') ? "import {} from '@bailiwick/engine'" : '' },
      )
    const house = madeUp.map((each) =>
      each.name === 'engine'
        ? { ...each, manifest: { ...each.manifest, peerDependencies: { pg: '' } } }
        : each,
    )
    expect(brokenArrows([...house, cli('@bailiwick/engine', 'pg')])).toEqual([])
    expect(brokenArrows([...house, cli('pg')])).toEqual([expect.stringContaining('never imports pg')])
  })

  test('a package that nobody has placed', () => {
    const house = [...madeUp, packageOf('attic', {}, {})]
    expect(brokenArrows(house)).toEqual([expect.stringContaining('packages/attic has no place in the house')])
  })

  test('a ring, of types as well as of values', () => {
    const ring = packageOf(
      'core',
      {},
      {
        'src/a.ts': "import { b } from './b.js'",
        'src/b.ts': "import type { C } from './inner/c.js'",
        'src/inner/c.ts': "export { a } from '../a.js'",
      },
    )
    expect(cycles(ring)).toEqual([
      expect.stringContaining('src/a.ts → src/b.ts → src/inner/c.ts → src/a.ts is a ring'),
    ])
    const line = packageOf('core', {}, { 'src/a.ts': "import { b } from './b.js'", 'src/b.ts': '' })
    expect(cycles(line)).toEqual([])
  })
})

const madeUp: readonly Package[] = [
  packageOf('core', {}, { 'src/index.ts': '' }),
  packageOf(
    'engine',
    { exports: { '.': '', './sqlite': '', './package.json': '' }, dependencies: { '@bailiwick/core': '' } },
    { 'src/index.ts': "import { Model } from '@bailiwick/core'", 'src/sqlite/connect.ts': '' },
  ),
  packageOf(
    'client',
    { dependencies: { '@bailiwick/core': '' } },
    { 'src/index.ts': "import { Model } from '@bailiwick/core'" },
  ),
  packageOf(
    'express',
    { peerDependencies: { express: '' } },
    { 'src/index.ts': "import type { Request } from 'express'" },
  ),
  packageOf('testing', {}, { 'src/index.ts': '' }),
]

function packageOf(name: string, manifest: Manifest, files: Readonly<Record<string, string>>): Package {
  return {
    name,
    manifest: { exports: { '.': '' }, ...manifest },
    files: Object.entries(files).map(([path, text]) => ({ path, text })),
  }
}

function withFile(name: string, path: string, text: string): readonly Package[] {
  return madeUp.map((each) =>
    each.name === name ? { ...each, files: [...each.files, { path, text }] } : each,
  )
}
