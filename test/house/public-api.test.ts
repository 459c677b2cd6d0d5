import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { root } from './read-house.js'

/** The names that a file exports, in one list or by declarations of its own; types are marked. */
function exportsOf(text: string): readonly string[] {
  const listed = [...text.matchAll(/^export (type )?\{([^}]*)\}/gm)].flatMap(([, allTypes, names = '']) =>
    names
      .split(',')
      .map((name) => name.trim())
      .filter((name) => name !== '')
      .map((name) => (allTypes === undefined ? name : `type ${name}`).replace(/\S+ as /, '')),
  )
  const declared = [
    ...text.matchAll(
      /^export (?:declare )?(?:abstract )?(?:async )?(interface|type|class|function|const) (\w+)/gm,
    ),
  ].map(([, kind, name]) => (kind === 'interface' || kind === 'type' ? `type ${name}` : (name as string)))
  return [...listed, ...declared].sort()
}

test('every door exports what it is known to, and nothing went unnoticed', async () => {
  const lines = readdirSync(join(root, 'packages')).flatMap((name) => {
    const manifest = JSON.parse(readFileSync(join(root, 'packages', name, 'package.json'), 'utf8')) as {
      readonly exports?: Readonly<Record<string, string | { readonly '@bailiwick/source': string }>>
    }
    return Object.entries(manifest.exports ?? {}).flatMap(([door, target]) => {
      if (typeof target === 'string') return []
      const source = readFileSync(join(root, 'packages', name, target['@bailiwick/source']), 'utf8')
      return [`@bailiwick/${name}${door.slice(1)}`, ...exportsOf(source).map((each) => `  ${each}`)]
    })
  })
  expect(lines.length).toBeGreaterThan(500)
  // What is added or taken away is meant, or this would not be in the change: `npx vitest run -u test/house`.
  await expect(`${lines.join('\n')}\n`).toMatchFileSnapshot('public-api.snapshot.txt')
})
