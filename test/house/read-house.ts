import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The root of the repository. */
export const root = fileURLToPath(new URL('../../', import.meta.url))

export interface SourceFile {
  /** Within its package: `src/session/verify.ts`. */
  readonly path: string
  readonly text: string
}

export interface Manifest {
  readonly exports?: Readonly<Record<string, string | Readonly<Record<string, string>>>>
  readonly dependencies?: Readonly<Record<string, string>>
  readonly peerDependencies?: Readonly<Record<string, string>>
}

export interface Package {
  /** Without the scope: `core`. */
  readonly name: string
  readonly manifest: Manifest
  readonly files: readonly SourceFile[]
}

/** Every package with its sources. */
export function readHouse(): readonly Package[] {
  const packages = join(root, 'packages')
  return readdirSync(packages)
    .sort()
    .map((name) => ({
      name,
      manifest: JSON.parse(readFileSync(join(packages, name, 'package.json'), 'utf8')) as Manifest,
      files: readSources(join(packages, name), 'src'),
    }))
}

/** TypeScript files below a directory, by their path from `base`; none of a folder that a test has made for itself. */
export function readSources(base: string, directory: string): readonly SourceFile[] {
  return readdirSync(join(base, directory), { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.tsx?$/.test(file) && !/(^|\/)(node_modules|dist|\.[^/]+)\//.test(file))
    .map((file) => ({
      path: `${directory}/${file}`,
      text: readFileSync(join(base, directory, file), 'utf8'),
    }))
}

/** Tests, and what only they use, may import more than what ships. */
export function isTest(path: string): boolean {
  return /\.(test|test-d|fixture)\.tsx?$|\/fixtures\//.test(path)
}
