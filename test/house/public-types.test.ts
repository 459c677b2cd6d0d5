import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { expect, test } from 'vitest'
import { root } from './read-house.js'

const packages = join(root, 'packages')

// What is added, taken away or changed is meant, or this would not be in the change:
// `npm run build && npx vitest run test/house -u`.
test.each(readdirSync(packages).filter((name) => doorsOf(name).length > 0))(
  '%s has the types that it is known to have',
  async (name) => {
    const found = new Map<string, string>()
    for (const door of doorsOf(name)) collect(join(packages, name, door), found)
    const text = [...found]
      .map(([path, declarations]) => `// ${relative(join(packages, name, 'dist'), path)}\n${declarations}\n`)
      .sort()
      .join('\n')
    await expect(text).toMatchFileSnapshot(`public-types/${name}.txt`)
  },
)

/** The declarations of each door; the command has none. */
function doorsOf(name: string): readonly string[] {
  const { exports = {} } = JSON.parse(readFileSync(join(packages, name, 'package.json'), 'utf8')) as {
    readonly exports?: Readonly<Record<string, string | { readonly types: string }>>
  }
  return Object.values(exports).flatMap((door) => (typeof door === 'string' ? [] : [door.types]))
}

/** A file of declarations, and every file of this package that its types come from. */
function collect(path: string, found: Map<string, string>): void {
  if (found.has(path)) return
  if (!existsSync(path)) throw new Error(`${path} is not there: \`npm run build\` makes it`)
  const text = sayingOnlyTypes(readFileSync(path, 'utf8'))
  found.set(path, statementsOf(text).map(shortened).join('\n'))
  for (const [, module] of text.matchAll(/['"](\.[^'"]+)\.js['"]/g)) {
    collect(join(dirname(path), `${module}.d.ts`), found)
  }
}

/** Without comments, and without what is private. */
function sayingOnlyTypes(text: string): string {
  return text
    .replace(/\/\*[\s\S]*?\*\//g, '')
    .replace(/^\/\/.*$/gm, '')
    .replace(/^\s+private .*$/gm, '')
    .replace(/^\s*\n/gm, '')
    .trimEnd()
}

/** Each ends where a line begins that is not indented, and is not the end of one. */
function statementsOf(text: string): readonly string[] {
  return text.split(/\n(?![\s})\]])/)
}

/** The schemas of the wire are pages of inferred types: a digest tells that one of them changed. */
function shortened(statement: string): string {
  if (statement.length < 500 || !statement.startsWith('export declare const')) return statement
  const digest = createHash('sha256').update(statement).digest('hex').slice(0, 16)
  return `${statement.slice(0, statement.indexOf('\n'))} … ${digest}`
}
