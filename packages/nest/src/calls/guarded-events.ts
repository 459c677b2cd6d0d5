/**
 * The events of a stream as long as they may be seen: each is asked about before it goes out, and the first one that is
 * refused ends the stream.
 *
 * @param ask - Rejects when the next event may not be seen.
 * @param field - The field of an event by which the client is told why, as the last thing it hears.
 */
export function guardedEvents(
  events: AsyncIterable<unknown> | AsyncIterator<unknown>,
  ask: () => Promise<void>,
  field?: string,
): AsyncIterableIterator<unknown> {
  const source = Symbol.asyncIterator in events ? events[Symbol.asyncIterator]() : events
  let isOver = false
  // No generator: one that waits for an event cannot be ended before it comes.
  return {
    async next() {
      if (isOver) return { done: true, value: undefined }
      const event = await source.next()
      if (event.done === true) return event
      try {
        await ask()
        return event
      } catch (refusal) {
        isOver = true
        await source.return?.()
        return field === undefined ? { done: true, value: undefined } : { value: throwing(field, refusal) }
      }
    },
    async return(value) {
      isOver = true
      return source.return?.(value) ?? { done: true, value }
    },
    [Symbol.asyncIterator]() {
      return this
    },
  }
}

/** An event whose field cannot be read: its client gets the error, and its other subscriptions go on. */
function throwing(field: string, refusal: unknown): object {
  return Object.defineProperty({}, field, {
    enumerable: true,
    get() {
      throw refusal
    },
  })
}
