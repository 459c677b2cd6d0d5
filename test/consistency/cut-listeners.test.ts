import { replicaEngine } from '@bailiwick/client/replica'
import { type AuthorizationEngine, compileModel } from '@bailiwick/core'
import { memoryStore, type StoreOpener } from '@bailiwick/engine'
import { postgres } from '@bailiwick/engine/postgres'
import { expect, test } from 'vitest'
import { answer } from '../oracle/answer.js'
import { apply } from '../oracle/apply.js'
import { type Asked, ask } from '../oracle/ask.js'
import type { Command } from '../oracle/command.js'
import { type Facts, factsOf } from '../oracle/facts.js'
import { perform } from '../oracle/perform.js'
import { possibleOrganizations } from '../oracle/random/names.js'
import { Random, seedOfRun } from '../oracle/random/random.js'
import { commandsOf, randomCommand } from '../oracle/random/random-command.js'
import { randomModel } from '../oracle/random/random-model.js'
import { randomQuestion } from '../oracle/random/random-question.js'
import { FeedProxy } from '../replica/feed-proxy.js'
import { type StartedServer, startServer } from '../server/start-server.js'
import { describeWithPostgres, testDatabase } from '../stores/test-database.js'

const isLong = process.env.RUNS === 'long'
const writes = isLong ? 10_000 : 300
const patienceMs = 600_000
/** How often the connections break: more often than every five seconds, on any machine. */
const writesBetweenCuts = isLong ? 250 : 50
/** A replica knows of the last write within a second or two, and at the latest by then on a machine that does much else. */
const withinMs = 30_000

/**
 * Random writes, each on another one of three nodes than the one before, while the connections that tell three replicas
 * of them break again and again. A replica that comes back is told by another node.
 */
async function liveThrough(store: StoreOpener): Promise<void> {
  const seed = seedOfRun()
  const random = new Random(seed)
  const definition = randomModel(random, 'rich')
  const nodes = await startNodes(store, definition)
  const network = await FeedProxy.open(...nodes.map(({ url }) => url))
  const { apiKey = '' } = nodes[0] ?? {}
  // What they answer is what they have heard: they may be as old as can be before they ask a server.
  const options = { url: network.url, apiKey, deadlineMs: 60_000, stalenessMs: 60_000 }
  const replicas = await Promise.all([1, 2, 3].map(() => replicaEngine(options)))
  try {
    let facts = factsOf(definition)
    const write = async (command: Command, node: number) => {
      const { engine } = nodes[node % nodes.length] as StartedServer
      const outcome = await perform(engine, command)
      if (outcome.kind === 'done') facts = apply(facts, command, outcome.made)
    }
    for (const id of possibleOrganizations().slice(0, 3)) await write({ do: 'createOrganization', id }, 0)
    for (let n = 0; n < writes; n++) {
      if (n % writesBetweenCuts === 0) network.breakFeed()
      await write(randomCommand(random, facts, commandsOf('rich')), n)
      // They follow what they hold, and hold what somebody asked about.
      if (n % 20 === 0)
        for (const replica of replicas)
          await replica.check(randomQuestion(random, facts)).catch(() => undefined)
    }
    const endedAt = performance.now()
    const questions = Array.from({ length: 100 }, () => questionTo(random, facts))
    for (const replica of replicas) await agreesBy(endedAt + withinMs, replica, facts, questions)
    expect(network.requestsTo('/changes'), `SEED=${seed}: connections`).toBeGreaterThan(3)
    expect(network.requestsTo('/authorization/check'), `SEED=${seed}: questions to a server`).toBe(0)
  } finally {
    for (const replica of replicas) await replica.close()
    await network.close()
    for (const node of nodes) await node.close()
  }
}

async function startNodes(store: StoreOpener, definition: Parameters<typeof compileModel>[0]) {
  const model = compileModel(definition)
  const first = await startServer({ store, model })
  const { apiKey } = first
  return [first, await startServer({ store, model, apiKey }), await startServer({ store, model, apiKey })]
}

function questionTo(random: Random, facts: Facts): Asked {
  const question = randomQuestion(random, facts)
  return { question, right: answer(facts, question) }
}

/** Ask until every answer is the oracle's. @throws {Disagreement} when the time is up before. */
async function agreesBy(
  end: number,
  replica: AuthorizationEngine,
  facts: Facts,
  questions: readonly Asked[],
): Promise<void> {
  for (;;) {
    const askedAt = performance.now()
    const error = await ask(replica, facts, questions).catch((reason: unknown) => reason)
    if (error === undefined) return
    if (askedAt > end) throw error
    await new Promise(setImmediate)
  }
}

test(
  'replicas whose connections break again and again know of every write soon after the last',
  () => liveThrough(memoryStore()),
  patienceMs,
)

describeWithPostgres('over PostgreSQL', () => {
  test(
    'replicas whose connections break again and again know of every write soon after the last',
    async () => {
      const database = await testDatabase()
      try {
        await liveThrough(postgres(database.connectionString))
      } finally {
        await database.stop()
      }
    },
    patienceMs,
  )
})
