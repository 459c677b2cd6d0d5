import { posix } from 'node:path'
import type { Package } from './read-house.js'
import { importsOf } from './read-imports.js'

/** Every ring of files that import each other, as sentences: one for each file that closes a ring. */
export function cycles({ name, files }: Package): readonly string[] {
  const imports = new Map(
    files.map(({ path, text }) => [
      path,
      importsOf(text)
        .filter((specifier) => specifier.startsWith('.'))
        .map((specifier) => posix.join(posix.dirname(path), specifier).replace(/\.js$/, '.ts')),
    ]),
  )
  const done = new Set<string>()
  const found: string[] = []
  const walk = (path: string, above: readonly string[]): void => {
    if (above.includes(path)) {
      const ring = [...above.slice(above.indexOf(path)), path].join(' → ')
      found.push(`packages/${name}: ${ring} is a ring: move what they share into a file that imports neither`)
    } else if (!done.has(path)) {
      for (const next of imports.get(path) ?? []) walk(next, [...above, path])
      done.add(path)
    }
  }
  for (const path of imports.keys()) walk(path, [])
  return found
}
