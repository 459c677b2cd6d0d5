import { InputInvalid } from './errors/input-errors.js'
import { isWellFormed, limits } from './input.js'

/** Who makes a change. */
export interface Actor {
  /** `api_key` and `system` are the service's own; an application says what its own are: `user`, `job`. */
  readonly type: string
  readonly id: string
  /** For people who read of it later. */
  readonly name?: string
}

/** Where a change comes from, as whoever asks for it says. It is kept with the change, and decides nothing. */
export interface Origin {
  readonly actor: Actor
  /** The request that it was made for, by which it is found in the logs of others. */
  readonly requestId?: string
  /** Why, in words for people. */
  readonly reason?: string
}

/**
 * An origin of its form: a type of 1 to 48 lower-case letters, digits and `_`; texts of at most 256 characters
 * without control characters, a reason of at most 1 024.
 *
 * @throws {InputInvalid} naming the field and the limit.
 */
export function parseOrigin({ actor, requestId, reason }: Origin): Origin {
  if (!/^[a-z][a-z0-9_]{0,47}$/.test(actor.type))
    throw new InputInvalid('actor.type', 'must be 1 to 48 lower-case letters, digits and `_`', actor.type)
  mustBeText('actor.id', actor.id, limits.nameLength)
  if (actor.name !== undefined) mustBeText('actor.name', actor.name, limits.nameLength)
  if (requestId !== undefined) mustBeText('requestId', requestId, limits.nameLength)
  if (reason !== undefined) mustBeText('reason', reason, limits.descriptionLength)
  return {
    actor: {
      type: actor.type,
      id: actor.id,
      ...(actor.name === undefined ? {} : { name: actor.name }),
    },
    ...(requestId === undefined ? {} : { requestId }),
    ...(reason === undefined ? {} : { reason }),
  }
}

function mustBeText(field: string, text: unknown, most: number): void {
  const isText = typeof text === 'string' && text.length > 0 && text.length <= most
  if (!isText || /\p{Cc}/u.test(text) || !isWellFormed(text))
    throw new InputInvalid(field, `must be 1 to ${most} characters without control characters`, text)
}
