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
  /** By whose leave, where the actor has none of its own: the API key of the application that somebody used. */
  readonly via?: Actor
  /** The request that it was made for, by which it is found in the logs of others. */
  readonly requestId?: string
  /** Why, in words for people. */
  readonly reason?: string
}

/**
 * An origin of its form. Actors have a type of 1 to 48 lower-case letters, digits and `_`; texts of at most 256 characters
 * without control characters, a reason of at most 1 024.
 *
 * @throws {InputInvalid} naming the field and the limit.
 */
export function parseOrigin({ actor, via, requestId, reason }: Origin): Origin {
  if (requestId !== undefined) mustBeText('requestId', requestId, limits.nameLength)
  if (reason !== undefined) mustBeText('reason', reason, limits.descriptionLength)
  return {
    actor: parseActor('actor', actor),
    ...(via === undefined ? {} : { via: parseActor('via', via) }),
    ...(requestId === undefined ? {} : { requestId }),
    ...(reason === undefined ? {} : { reason }),
  }
}

function parseActor(field: string, { type, id, name }: Actor): Actor {
  if (typeof type !== 'string' || !/^[a-z][a-z0-9_]{0,47}$/.test(type))
    throw new InputInvalid(`${field}.type`, 'must be 1 to 48 lower-case letters, digits and `_`', type)
  mustBeText(`${field}.id`, id, limits.nameLength)
  if (name !== undefined) mustBeText(`${field}.name`, name, limits.nameLength)
  return { type, id, ...(name === undefined ? {} : { name }) }
}

function mustBeText(field: string, text: unknown, most: number): void {
  const isText = typeof text === 'string' && text.length > 0 && text.length <= most
  if (!isText || /\p{Cc}/u.test(text) || !isWellFormed(text))
    throw new InputInvalid(field, `must be 1 to ${most} characters without control characters`, text)
}
