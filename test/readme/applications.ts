import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { dirname, join, relative, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { blocksOf, filesOf } from './blocks.js'

/** A document as the application that its blocks make up. */
export interface Application {
  /** `README.md`, or a name for a variant of it. */
  readonly name: string
  readonly markdown: string
}

/** Documents, compiled against the built packages as a reader's own code would be. */
export interface CompiledApplications {
  /** What the compiler says about one of them: `<file> <line>: <message>`, the line being the document's. */
  errorsOf(name: string): readonly string[]
  /** The compiled file of one of them. */
  scriptOf(name: string, file: string): string
  remove(): Promise<void>
}

const root = fileURLToPath(new URL('../..', import.meta.url))

// Not in the system's folder for such things: the packages are found from here upward.
const here = fileURLToPath(new URL('.', import.meta.url))

/**
 * Write each document into a folder of its own, since each is a program with its own model, and compile all.
 *
 * @param home - Where the packages are found from upward. Default: here, where they are the built ones.
 */
export async function compile(
  applications: readonly Application[],
  home: string = here,
): Promise<CompiledApplications> {
  const folder = await mkdtemp(join(home, '.documents-'))
  const folderOf = (name: string) => join(folder, name.replaceAll(/[^\w-]/g, '_'))
  for (const { name, markdown } of applications) {
    await mkdir(folderOf(name))
    await writeFile(join(folderOf(name), 'tsconfig.json'), JSON.stringify(tsconfig))
    for (const [file, text] of filesOf(blocksOf(markdown))) {
      const path = join(folderOf(name), file)
      await mkdir(dirname(path), { recursive: true })
      await writeFile(path, text)
    }
  }
  const withCode = applications.filter(({ markdown }) => filesOf(blocksOf(markdown)).size > 0)
  const output = await tsc(
    withCode.map(({ name }) => folderOf(name)),
    home,
  )
  return {
    errorsOf: (name) => errorsIn(output, home, folderOf(name)),
    scriptOf: (name, file) => join(folderOf(name), 'dist', file.replace(/\.ts$/, '.js')),
    remove: () => rm(folder, { recursive: true }),
  }
}

const tsconfig = {
  extends: join(root, 'tsconfig.base.json'),
  compilerOptions: {
    composite: false,
    incremental: false,
    declaration: false,
    rootDir: '.',
    outDir: 'dist',
    experimentalDecorators: true,
    emitDecoratorMetadata: true,
  },
  include: ['**/*.ts'],
}

function tsc(projects: readonly string[], cwd: string): Promise<string> {
  const binary = join(root, 'node_modules/typescript/bin/tsc')
  return new Promise((resolve, reject) => {
    execFile(
      process.execPath,
      [binary, '-b', '--pretty', 'false', ...projects],
      { cwd },
      (error, stdout, stderr) => {
        // Errors in the documents end it with 1 or 2, and are in the output; anything else is our own fault.
        if (error !== null && !/error TS/.test(stdout))
          reject(new Error(`${error.message}\n${stdout}${stderr}`))
        else resolve(stdout)
      },
    )
  })
}

function errorsIn(output: string, cwd: string, folder: string): readonly string[] {
  // The lines that go on about an error are indented.
  return output.split(/\n(?! )/).flatMap((text) => {
    const error = /^(.*)\((\d+),\d+\): error (.*)$/s.exec(text.trim())
    if (error === null) return []
    const [, path = '', at, message] = error
    const file = relative(folder, resolve(cwd, path))
    return file.startsWith('..') ? [] : [`${file} ${at}: ${message}`]
  })
}
