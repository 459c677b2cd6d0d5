import { listOf } from '../lists.js'
import { operation } from '../operation.js'
import { eventJson, eventQuery } from './events.js'

/** `GET /events` */
export const listEvents = operation({
  id: 'listEvents',
  method: 'GET',
  path: '/events',
  summary: 'List what happened, oldest first',
  tag: 'Events',
  scope: 'read',
  status: 200,
  schemas: { query: eventQuery, answer: listOf(eventJson) },
  errors: ['cursor_invalid'],
})
