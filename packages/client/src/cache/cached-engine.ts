import { environmentShard, isAuthorizationError, type OrganizationId } from '@bailiwick/core'
import { followFeed } from '../feed/follow-feed.js'
import { Follower } from '../feed/follower.js'
import { Reading } from '../feed/reading.js'
import type { RemoteEngine } from '../remote/capabilities.js'
import type { CheckedOptions } from '../remote/remote-options.js'
import { tellingWrites } from '../telling-writes.js'
import { AnswerCache } from './answer-cache.js'
import type { CheckedCacheOptions } from './cache-options.js'
import { cachedQuestions } from './cached-questions.js'

/**
 * A remote engine that keeps answers for a while. A feed that cannot be reached is followed once it can.
 *
 * @param service - Where the feed is, if it is to be followed.
 * @throws {RemoteKeyRefused} when the key may not read the feed.
 */
export async function cachedEngine(
  engine: RemoteEngine,
  { maxAgeMs, max, follow }: CheckedCacheOptions,
  service: CheckedOptions,
): Promise<RemoteEngine> {
  const clock = () => performance.now()
  let feed: FollowedFeed | undefined
  const completeAt = () => feed?.follower.completeAt ?? Number.NEGATIVE_INFINITY
  const cache = new AnswerCache({ maxAgeMs, max, clock, completeAt })
  const close = async () => {
    cache.clear()
    await feed?.close()
    await engine.close()
  }
  if (follow) {
    feed = openFeed(cache, service, { silenceMs: maxAgeMs, clock })
    try {
      await feed.follower.start()
    } catch (error) {
      // Nobody's start waits for a server that is down: until it is up, answers are good for as long as they are new.
      if (!isAuthorizationError(error) || error.kind !== 'unavailable') {
        await close()
        throw error
      }
    }
  }
  const questions = cachedQuestions(engine, cache, follow ? 'latest' : undefined)
  const cached = (writer: RemoteEngine): RemoteEngine => ({
    ...writer,
    ...questions,
    ...tellingWrites(writer, ({ organizationId, token }) => {
      if (organizationId !== undefined) cache.changed(organizationId, token)
    }),
    as: (origin) => cached(writer.as(origin)),
    close,
  })
  return cached(engine)
}

interface FollowedFeed {
  readonly follower: Follower
  close(): Promise<void>
}

function openFeed(
  cache: AnswerCache,
  service: CheckedOptions,
  { silenceMs, clock }: { readonly silenceMs: number; readonly clock: () => number },
): FollowedFeed {
  const reading = new Reading(service)
  const follower = new Follower({
    follow: followFeed(reading, Math.max(silenceMs, 1_000)),
    organizations: undefined,
    clock,
    listener: {
      // What was asked before may have changed before anything was told.
      begins: () => cache.clear(),
      committed: ({ shard }) =>
        shard === environmentShard ? cache.clear() : cache.changed(shard as OrganizationId),
    },
  })
  return {
    follower,
    close: () => {
      follower.stop()
      return reading.close()
    },
  }
}
