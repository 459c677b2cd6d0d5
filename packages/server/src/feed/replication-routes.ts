import { environmentShard } from '@bailiwick/core'
import { listCommits, renderCommit } from '@bailiwick/wire'
import { type Route, route, type Service } from '../http/route.js'

const mostCommits = 1_000

/** What was committed to one shard, for whoever keeps a copy of it. */
export function replicationRoutes({ engine }: Service): readonly Route[] {
  return [
    route(listCommits, async ({ query: { shard, after } }) => {
      const { changes } = engine
      const commits = await changes.commitsSince(shard, after, mostCommits)
      const last = commits.length < mostCommits ? commits.at(-1)?.revision : undefined
      // After them: whoever has not come so far asks again.
      const revision = last ?? (await changes.revision(shard))
      const data = commits.map(renderCommit)
      // After them: what they rest on was there before them.
      const environment = await changes.revision(environmentShard)
      return { body: { object: 'commits' as const, store: changes.id, shard, revision, environment, data } }
    }),
  ]
}
