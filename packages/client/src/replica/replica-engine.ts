import type { Model } from '@bailiwick/core'
import { followFeed } from '../feed/follow-feed.js'
import { Follower } from '../feed/follower.js'
import { Reading } from '../feed/reading.js'
import type { RemoteEngine } from '../remote/capabilities.js'
import { remoteEngine } from '../remote/remote-engine.js'
import { checkOptions } from '../remote/remote-options.js'
import { tellingWrites } from '../telling-writes.js'
import { Copy } from './copy.js'
import { checkReplicaOptions, type ReplicaOptions } from './replica-options.js'
import { type FindCopy, replicaQuestions } from './replica-questions.js'
import { Source } from './source.js'

// The server then has its whole deadline: together they take little more than that.
const shareOfDeadline = 5

/**
 * Open an engine that answers in this process from a copy of what a server has, and follows what changes there.
 *
 * What it answers is at most `stalenessMs` old, and never older than what was written through it; beyond that it asks
 * the server, and when that fails too the question rejects with an error of kind `unavailable`: see docs/replica.md.
 * The server is also asked for what decides nothing (names, lists of what is stored), and does all that changes
 * something.
 *
 * @throws {Misconfigured} naming the option that is wrong; an error of kind `unavailable` when the server cannot be
 *   reached.
 *
 * @example
 * const engine = await replicaEngine({ url: 'http://localhost:4100', apiKey: process.env.BAILIWICK_API_KEY })
 */
export async function replicaEngine(options: ReplicaOptions): Promise<RemoteEngine> {
  const checked = checkOptions(options)
  const { organizations, stalenessMs, staleIfError } = checkReplicaOptions(options)
  const clock = () => performance.now()
  const server = await remoteEngine(options)
  // A feed that is silent for longer than it may be believed is no use any more.
  const reading = new Reading(checked)
  const follow = followFeed(reading, Math.max(stalenessMs, 1_000))
  const copy = new Copy({ source: new Source(reading), organizations, maxMemoryMb: options.maxMemoryMb })
  const follower = new Follower({ follow, organizations, listener: copy, clock })
  const close = async () => {
    follower.stop()
    await copy.close()
    await reading.close()
    await server.close()
  }
  try {
    await follower.start()
    await copy.made
  } catch (error) {
    await close()
    throw error
  }

  let model: Model = server.model
  const copyUpTo = (ageMs: number, ...[id, asked]: Parameters<FindCopy>) => {
    const consistency = asked?.consistency
    if (consistency === 'latest' || follower.ageMs > ageMs) return undefined
    if (organizations !== undefined && !organizations.has(id)) return undefined
    if (typeof consistency === 'object' && !copy.expect(consistency.atLeast)) return undefined
    return copy.engine
  }
  const questions = replicaQuestions({
    copyFor: (id, asked) => copyUpTo(stalenessMs, id, asked),
    staleCopyFor: (permission, id, asked) => {
      const ageMs = staleIfError.get(permission)
      return ageMs === undefined ? undefined : copyUpTo(ageMs, id, asked)
    },
    server,
    patienceMs: checked.deadlineMs / shareOfDeadline,
  })
  const replica = (writer: RemoteEngine): RemoteEngine => ({
    ...writer,
    ...questions,
    ...tellingWrites(writer, ({ token }) => token !== undefined && copy.expect(token)),
    as: (origin) => replica(writer.as(origin)),
    get model() {
      model = copy.engine?.model ?? model
      return model
    },
    close,
  })
  return replica(server)
}
