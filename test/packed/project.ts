import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

const run = promisify(execFile)
const tarballs = fileURLToPath(new URL('../../.packages', import.meta.url))

/** An empty project on a machine of a stranger, with the packages installed from their tarballs. */
export interface Project {
  readonly folder: string
  /** What a command says, and how it ends. */
  run(command: string, ...args: string[]): Promise<{ readonly code: number; readonly out: string }>
  /** What lies in a folder of it: every file with its size in bytes. */
  filesIn(path: string): Promise<ReadonlyMap<string, number>>
  remove(): Promise<void>
}

/** What is in a project besides our packages. */
export interface ProjectParts {
  /** For its package.json. */
  readonly manifest: object
  /** Of the registry: `express@5`. */
  readonly install: readonly string[]
  readonly files: Readonly<Record<string, string>>
  /** Of ours, by name. Default: all of them. */
  readonly packages?: readonly string[]
}

/** Make a project and install into it, with npm alone. @throws {Error} when that fails. */
export async function makeProject({ manifest, install, files, packages }: ProjectParts): Promise<Project> {
  const folder = await mkdtemp(join(tmpdir(), 'bailiwick-packed-'))
  await writeFile(
    join(folder, 'package.json'),
    JSON.stringify({ name: 'my-product', private: true, ...manifest }),
  )
  const ours = (await packed())
    .filter(
      (file) => packages === undefined || packages.some((name) => file.startsWith(`bailiwick-${name}-`)),
    )
    .map((file) => join(tarballs, file))
  await run('npm', ['install', '--no-audit', '--no-fund', '--loglevel=error', ...ours, ...install], {
    cwd: folder,
  })
  for (const [file, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, file)), { recursive: true })
    await writeFile(join(folder, file), text)
  }
  return {
    folder,
    run: async (command, ...args) => {
      const { NODE_ENV: _, VITEST: __, ...env } = process.env
      try {
        const { stdout, stderr } = await run(command, args, { cwd: folder, env })
        return { code: 0, out: stdout + stderr }
      } catch (error) {
        const { code, stdout, stderr } = error as { code: number; stdout: string; stderr: string }
        return { code, out: stdout + stderr }
      }
    },
    filesIn: async (path) => {
      const entries = await readdir(join(folder, path), { recursive: true, withFileTypes: true })
      const files = entries
        .filter((entry) => entry.isFile())
        .map(({ parentPath, name }) => join(parentPath, name))
      return new Map(await Promise.all(files.map(async (file) => [file, (await stat(file)).size] as const)))
    },
    remove: () => rm(folder, { recursive: true }),
  }
}

/** The tarballs that `npm run pack` has made. @throws {Error} when it has not run. */
export async function packed(): Promise<readonly string[]> {
  const files = (await readdir(tarballs).catch(() => [])).filter((file) => file.endsWith('.tgz'))
  if (files.length === 0) throw new Error('there are no tarballs: `npm run pack` makes them')
  return files.sort()
}

/** Where a tarball is. */
export function tarballPath(file: string): string {
  return join(tarballs, file)
}
