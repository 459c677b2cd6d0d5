import { fileURLToPath } from 'node:url'
import type { Plugin } from 'vitest/config'
import { mutants, mutate } from './mutants.js'

const engine = fileURLToPath(new URL('../../packages/engine/src/', import.meta.url))
const mark = '?mutant='

/**
 * Lets a test import `mutant:<name>`: the engine from its sources, once more, with that mistake in it.
 * `mutant:none` is the engine as it is, taken the same way.
 */
export function mutantsPlugin(): Plugin {
  return {
    name: 'bailiwick-mutants',
    enforce: 'pre',
    async resolveId(source, importer) {
      if (source.startsWith('mutant:')) return `${engine}index.ts${mark}${source.slice('mutant:'.length)}`
      const [from, name] = importer?.split(mark) ?? []
      if (from === undefined || name === undefined || !source.startsWith('.')) return null
      const file = await this.resolve(source, from, { skipSelf: true })
      return file === null ? null : `${file.id}${mark}${name}`
    },
    transform(code, id) {
      const [path, name] = id.split(mark)
      if (path === undefined || name === undefined || name === 'none') return null
      const mutant = mutants.find((known) => known.name === name)
      if (mutant === undefined) throw new Error(`there is no mutant ${name}`)
      return mutate(mutant, path.slice(engine.length), code)
    },
  }
}
