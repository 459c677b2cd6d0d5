import { limits } from '@bailiwick/core'
import { checkMany, parseCheckDecisions, writeChecks } from '@bailiwick/wire'
import type { Asked, Asking } from './checks.js'
import type { Freshness } from './own-writes.js'
import { jsonIn, readBy } from './read-answer.js'
import type { Service } from './service.js'

/** Ask our server: up to a hundred questions in one request. */
export function askBatch(service: Service): Asking {
  return {
    most: limits.checksPerBatch,
    async ask(asked, waiting) {
      const { text } = await service.send(
        {
          method: checkMany.method,
          path: checkMany.path,
          body: Buffer.from(writeChecks(asked.map(({ check }) => check))),
          freshness: newestOf(asked),
          repeatable: 'safe',
        },
        waiting,
      )
      return readBy((answer) => parseCheckDecisions(answer, asked), jsonIn(text))
    },
  }
}

/**
 * What is new enough for all: a request has room for one token, and the newest holds what every token asks for. An
 * old answer will do only where it does for every question.
 */
function newestOf([first, ...others]: readonly Asked[]): Freshness | undefined {
  let newest = first?.freshness
  for (const { freshness } of others) {
    if (freshness === newest || freshness === 'bounded') continue
    if (newest === 'bounded' || newest === undefined) newest = freshness
    else if (freshness !== undefined) return 'latest'
  }
  return newest
}
