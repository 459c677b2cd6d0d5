import { execFile, spawn } from 'node:child_process'
import { existsSync, readdirSync } from 'node:fs'
import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)

/** A PostgreSQL server of this test alone, on a free port, with its data in a temporary folder. */
export interface PrivatePostgres {
  readonly connectionString: string
  stop(): Promise<void>
}

/** The folder of PostgreSQL's programs on this machine, if it has them. */
export const postgresPrograms: string | undefined = findPrograms()

/** Start a server. @throws {Error} with what it said, when it does not come up. */
export async function startPostgres(programs: string): Promise<PrivatePostgres> {
  const folder = await mkdtemp(join(tmpdir(), 'bailiwick-postgres-'))
  const data = join(folder, 'data')
  const owner = await ownerFor(folder)
  const port = await freePort()
  await run(
    join(programs, 'initdb'),
    ['-D', data, '-A', 'trust', '-U', 'app', '--no-sync', '-E', 'UTF8', '--locale=C'],
    owner,
  )
  const options = ['-p', String(port), '-k', folder, '-c', 'listen_addresses=127.0.0.1', '-c', 'fsync=off']
  const server = spawn(join(programs, 'postgres'), ['-D', data, ...options], {
    ...owner,
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  const stopped = new Promise<void>((resolve) => server.once('exit', () => resolve()))
  let said = ''
  await new Promise<void>((resolve, reject) => {
    server.stderr.on('data', (chunk: Buffer) => {
      said += chunk.toString()
      if (said.includes('ready to accept connections')) resolve()
    })
    server.once('error', reject)
    void stopped.then(() => reject(new Error(`PostgreSQL did not start: ${said}`)))
  })
  return {
    connectionString: `postgres://app@127.0.0.1:${port}/postgres`,
    stop: async () => {
      server.kill('SIGINT')
      await stopped
      await rm(folder, { recursive: true })
    },
  }
}

function findPrograms(): string | undefined {
  const apt = '/usr/lib/postgresql'
  const versions = existsSync(apt) ? readdirSync(apt).sort((one, other) => Number(other) - Number(one)) : []
  const folders = [
    ...versions.map((version) => join(apt, version, 'bin')),
    ...(process.env.PATH ?? '').split(':'),
  ]
  return folders.find((folder) => existsSync(join(folder, 'initdb')) && existsSync(join(folder, 'postgres')))
}

/** PostgreSQL refuses to be run by root, who lends the folder to a user with no rights at all. */
async function ownerFor(folder: string): Promise<{ readonly uid?: number; readonly gid?: number }> {
  if (process.getuid?.() !== 0) return {}
  const nobody = 65_534
  await run('chown', [`${nobody}:${nobody}`, folder])
  await chmod(folder, 0o700)
  return { uid: nobody, gid: nobody }
}

/** A port that nobody listens on now. */
function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() =>
        typeof address === 'object' && address ? resolve(address.port) : reject(new Error('no port')),
      )
    })
  })
}
