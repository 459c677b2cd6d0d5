import type { Origin } from '@bailiwick/core'
import { RequestRefused } from '../api-errors.js'

/** The request header in which an application says for whom it changes something, as a form is encoded. */
export const actorHeader = 'bailiwick-actor'

/** What an application says of a change beside its key. */
export type SaidOrigin = Pick<Origin, 'actor' | 'reason'>

/** Write the header: `type=user&id=user_ann&name=Ann`, with a `reason` if there is one. */
export function renderActorHeader({ actor, reason }: SaidOrigin): string {
  const { type, id, name } = actor
  return new URLSearchParams({
    type,
    id,
    ...(name === undefined ? {} : { name }),
    ...(reason === undefined ? {} : { reason }),
  }).toString()
}

/**
 * Read the header. Whether its texts are of their form, the engine says.
 *
 * @throws {RequestRefused} `request_malformed` for anything but a `type` and an `id`, with a `name` and a `reason` at
 *   most, each once; and for the types that are the service's own to say.
 */
export function parseActorHeader(header: string): SaidOrigin {
  const fields = [...new URLSearchParams(header)]
  const { type, id, name, reason, ...others } = Object.fromEntries(fields)
  const isWhole = type !== undefined && id !== undefined && Object.keys(others).length === 0
  if (!isWhole || new Set(fields.map(([field]) => field)).size < fields.length) {
    throw new RequestRefused(
      'request_malformed',
      'the header `Bailiwick-Actor` is `type=…&id=…`, with `name=…` and `reason=…` where they are known',
    )
  }
  if (type === 'api_key' || type === 'system') {
    throw new RequestRefused(
      'request_malformed',
      `no request says that it comes from an actor of type \`${type}\``,
    )
  }
  return {
    actor: { type, id, ...(name === undefined ? {} : { name }) },
    ...(reason === undefined ? {} : { reason }),
  }
}
