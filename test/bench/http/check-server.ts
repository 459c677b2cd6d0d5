import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { Session } from 'node:inspector/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openEngine } from '@bailiwick/engine'
import { createServer } from '@bailiwick/server'
import { fillSqlite } from '../workload/fill-sqlite.js'
import { benchModel } from '../workload/model.js'
import { asCheckQuestion, drawQuestions, freshQuestions } from '../workload/questions.js'
import { sizeNamed } from '../workload/sizes.js'
import { makeWorkload } from '../workload/workload.js'

/** What the server says once it listens. */
export interface CheckServer {
  readonly url: string
  readonly apiKey: string
}

/** Our server as an operator runs it, over an SQLite file with a whole workload, all of it asked once. */
async function main(sizeName: string, profile: string | undefined): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'bailiwick-bench-'))
  const workload = makeWorkload(sizeNamed(sizeName))
  const store = await fillSqlite(join(folder, 'authz.db'), workload)
  const engine = await openEngine({ store, model: benchModel() })
  for (const question of freshQuestions(workload, drawQuestions(workload, 100)))
    await engine.check(asCheckQuestion(question))
  const apiKey = 'sk_bench'
  const server = await createServer({ engine, apiKey })
  const told: CheckServer = { url: await server.listen({ port: 0 }), apiKey }
  const session = profile === undefined ? undefined : await startProfile()
  process.on('message', () => process.send?.(process.cpuUsage()))
  process.send?.(told)
  process.once('SIGTERM', async () => {
    if (session !== undefined && profile !== undefined) await writeProfile(session, profile)
    await server.close()
    await engine.close()
    rmSync(folder, { recursive: true, force: true })
    process.exit(0)
  })
}

async function startProfile(): Promise<Session> {
  const session = new Session()
  session.connect()
  await session.post('Profiler.enable')
  await session.post('Profiler.setSamplingInterval', { interval: 200 })
  await session.post('Profiler.start')
  return session
}

async function writeProfile(session: Session, path: string): Promise<void> {
  const { profile } = await session.post('Profiler.stop')
  writeFileSync(path, JSON.stringify(profile))
}

await main(process.argv[2] as string, process.env.BENCH_PROFILE)
