import { readFileSync } from 'node:fs'
import { join, posix } from 'node:path'
import { expect, test } from 'vitest'
import { root } from './read-house.js'
import { importsOf } from './read-imports.js'

test('the rules of the oracle share no code with what they judge: all they know is the language of core', () => {
  const { files, packages } = reach(
    ['answer.ts', 'apply.ts', 'refusals.ts'].map((file) => `test/oracle/${file}`),
  )
  expect(packages).toEqual(new Set(['@bailiwick/core']))
  expect([...files].filter((file) => !file.startsWith('test/oracle/'))).toEqual([])
  expect(files.size).toBeGreaterThan(4)
})

/** Everything that files import, and what those import in turn. */
function reach(from: readonly string[]): { files: ReadonlySet<string>; packages: ReadonlySet<string> } {
  const files = new Set<string>()
  const packages = new Set<string>()
  const visit = (file: string): void => {
    if (files.has(file)) return
    files.add(file)
    for (const specifier of importsOf(readFileSync(join(root, file), 'utf8'))) {
      if (specifier.startsWith('.')) visit(posix.join(posix.dirname(file), specifier).replace(/\.js$/, '.ts'))
      else packages.add(specifier)
    }
  }
  for (const file of from) visit(file)
  return { files, packages }
}
