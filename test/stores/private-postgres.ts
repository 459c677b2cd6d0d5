import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { freePort } from '../scripts/free-port.js'
import { postgresPrograms } from './postgres-programs.js'

const run = promisify(execFile)

/** A PostgreSQL server of this test alone, on a free port, with its data in a temporary folder. */
export interface PrivatePostgres {
  readonly connectionString: string
  /** Stop as a crash does: connections break, and nothing is written that was not. */
  crash(): Promise<void>
  /** Start again what has crashed; resolves when it takes connections. */
  start(): Promise<void>
  /** Stop, and remove what there was. */
  stop(): Promise<void>
}

/** What a server promises: with `fsync` off a test is faster, and a crash of the machine would cost its data. */
export interface PrivatePostgresOptions {
  readonly fsync?: 'on' | 'off'
}

/** Start a server. @throws {Error} with what it said, when it does not come up. */
export async function startPostgres({
  fsync = 'off',
}: PrivatePostgresOptions = {}): Promise<PrivatePostgres> {
  const programs = postgresPrograms
  if (programs === undefined) throw new Error('this machine has no PostgreSQL programs: see CONTRIBUTING.md')
  const folder = await mkdtemp(join(tmpdir(), 'bailiwick-postgres-'))
  const data = join(folder, 'data')
  const owner = await ownerFor(folder)
  const password = randomBytes(12).toString('hex')
  const passwordFile = join(folder, 'password')
  await writeFile(passwordFile, password)
  const access = ['-A', 'scram-sha-256', '-U', 'app', `--pwfile=${passwordFile}`]
  await run(join(programs, 'initdb'), ['-D', data, ...access, '--no-sync', '-E', 'UTF8', '--locale=C'], owner)
  const settings = ['listen_addresses=127.0.0.1', `fsync=${fsync}`, 'max_connections=200']
  const port = await freePort()
  const options = ['-D', data, '-p', String(port), '-k', folder, ...settings.flatMap((each) => ['-c', each])]
  const begin = () => startServer(join(programs, 'postgres'), options, owner)
  let server = await begin()
  return {
    connectionString: `postgres://app:${password}@127.0.0.1:${port}/postgres`,
    crash: () => server.end('SIGQUIT'),
    start: async () => {
      server = await begin()
    },
    stop: async () => {
      await server.end('SIGINT')
      await rm(folder, { recursive: true })
    },
  }
}

async function startServer(program: string, options: readonly string[], owner: object) {
  const server: ChildProcess = spawn(program, options, { ...owner, stdio: ['ignore', 'ignore', 'pipe'] })
  const stopped = new Promise<void>((resolve) => server.once('exit', () => resolve()))
  let said = ''
  await new Promise<void>((resolve, reject) => {
    server.stderr?.on('data', (chunk: Buffer) => {
      said = (said + chunk.toString()).slice(-10_000)
      if (said.includes('ready to accept connections')) resolve()
    })
    server.once('error', reject)
    void stopped.then(() => reject(new Error(`PostgreSQL did not start: ${said}`)))
  })
  return {
    end: async (signal: NodeJS.Signals) => {
      server.kill(signal)
      await stopped
    },
  }
}

/** PostgreSQL refuses to be run by root, who lends the folder to a user with no rights at all. */
async function ownerFor(folder: string): Promise<{ readonly uid?: number; readonly gid?: number }> {
  if (process.getuid?.() !== 0) return {}
  const nobody = 65_534
  await run('chown', [`${nobody}:${nobody}`, folder])
  await chmod(folder, 0o700)
  return { uid: nobody, gid: nobody }
}
