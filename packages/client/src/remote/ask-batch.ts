import { limits } from '@bailiwick/core'
import { checkMany, parseCheckDecisions } from '@bailiwick/wire'
import type { Asked, Asking } from './checks.js'
import type { Freshness } from './own-writes.js'
import { readBy } from './read-answer.js'
import type { Service } from './service.js'

/** Ask our server: up to a hundred questions in one request. */
export function askBatch(service: Service): Asking {
  return {
    most: limits.checksPerBatch,
    async ask(asked, waiting) {
      const { json } = await service.send(
        {
          method: checkMany.method,
          path: checkMany.path,
          body: `{"checks":[${asked.map((each) => each.json).join(',')}]}`,
          freshness: newestOf(asked),
          repeatable: 'safe',
        },
        waiting,
      )
      return readBy((answer) => parseCheckDecisions(answer, asked), json)
    },
  }
}

/** What is new enough for all: a request has room for one token, and the newest holds what every token asks for. */
function newestOf(asked: readonly Asked[]): Freshness | undefined {
  const all = new Set(asked.flatMap(({ freshness }) => freshness ?? []))
  const [only] = all
  return all.size > 1 ? 'latest' : only
}
