import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { blocksOf } from './blocks.js'

const root = fileURLToPath(new URL('../..', import.meta.url))

/** Every document whose blocks must run, by its path in the repository. */
export const documents: readonly string[] = [
  'README.md',
  'CONTRIBUTING.md',
  ...markdownIn('docs'),
  ...markdownIn('docs/decisions'),
]

/** The text of a document. */
export function read(name: string): string {
  return readFileSync(join(root, name), 'utf8')
}

/** The links of a document that lead to nothing in this repository. */
export function brokenLinks(name: string): readonly string[] {
  return [...read(name).matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, link = '']) => link.replace(/#.*$/, ''))
    .filter((link) => link !== '' && !/^[a-z]+:/.test(link))
    .filter((link) => !existsSync(join(root, dirname(name), link)))
}

/** Whether a document holds code that is no file of its own, and is to be run. */
export function isRun(name: string): boolean {
  const unnamed = blocksOf(read(name)).filter(
    ({ language, words }) => language === 'ts' && !words.some((word) => word.startsWith('file=')),
  )
  return unnamed.length > 0 && !unnamed.some(({ words }) => words.includes('no-run'))
}

const scripts: Readonly<Record<string, string>> = JSON.parse(read('package.json')).scripts

/** Whether a command of a document is one that a reader can run. */
export function isKnown(command: string): boolean {
  const [program = '', ...words] = command.split(' ')
  const [verb = '', name = ''] = words.filter((word) => word !== '-s')
  if (program.startsWith('.')) return existsSync(join(root, program))
  if (program !== 'npm') return ['cd', 'cp', 'curl', 'export', 'mkdir', 'node', 'npx'].includes(program)
  if (verb === 'run') return Object.hasOwn(scripts, name)
  return Object.hasOwn(scripts, verb) || ['init', 'pkg', 'install'].includes(verb)
}

function markdownIn(folder: string): readonly string[] {
  return readdirSync(join(root, folder))
    .filter((file) => file.endsWith('.md'))
    .map((file) => `${folder}/${file}`)
}
