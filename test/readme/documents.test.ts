import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { runScript } from '../scripts/run-script.js'
import { type CompiledApplications, compile } from './applications.js'
import { blocksOf, filesOf, joined } from './blocks.js'
import { brokenLinks, documents, isKnown, isRun, read } from './documents.js'
import { commandsOf } from './shell-lines.js'

let compiled: CompiledApplications
let scratch: string

beforeAll(async () => {
  scratch = await mkdtemp(join(tmpdir(), 'bailiwick-documents-'))
  compiled = await compile(documents.map((name) => ({ name, markdown: read(name) })))
})
afterAll(async () => {
  await compiled.remove()
  await rm(scratch, { recursive: true })
})

describe.each(documents)('%s', (name) => {
  test('compiles, every block of it', () => {
    expect(compiled.errorsOf(name)).toEqual([])
  })

  test('leads to pages that are there', () => {
    expect(brokenLinks(name)).toEqual([])
  })

  test('tells commands that there are', () => {
    expect(commandsOf(blocksOf(read(name))).filter((command) => !isKnown(command))).toEqual([])
  })

  if (isRun(name)) {
    test('runs to its end', async () => {
      const script = runScript(compiled.scriptOf(name, joined), { cwd: scratch })
      expect([await script.exited, script.said.err]).toEqual([0, ''])
    })
  }
})

describe('the rules for blocks', () => {
  test('blocks join, keep their lines, and count in comments too', () => {
    const markdown =
      '# T\n```ts\nconst a = 1\n```\n<!--\n```ts file=b.ts\nexport {}\n```\n-->\n```ts\na\n```\n'
    expect([...filesOf(blocksOf(markdown))]).toEqual([
      ['index.ts', '\n\nconst a = 1\n\n\n\n\n\n\n\na\n'],
      ['b.ts', '\n\n\n\n\n\nexport {}\n'],
    ])
    expect(() => blocksOf('```ts\nconst a = 1\n')).toThrow('the block of line 1 is not closed')
  })

  test('a command that this repository does not have is noticed', () => {
    expect(isKnown('npm run -s bench -- --short')).toBe(true)
    expect(isKnown('npm run brench -- --short')).toBe(false)
    expect(isKnown('.ci/run')).toBe(true)
    expect(isKnown('.ci/runn')).toBe(false)
  })
})
