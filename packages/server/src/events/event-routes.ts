import { listEvents as listEventsOperation, renderList } from '@bailiwick/wire'
import { type Route, route, type Service } from '../http/route.js'
import { listEvents } from './list-events.js'

/** What happened, told from the log. */
export function eventRoutes({ engine }: Service): readonly Route[] {
  return [
    route(listEventsOperation, async ({ query }) => {
      return { body: renderList(await listEvents(engine, query), (event) => event, {}) }
    }),
  ]
}
