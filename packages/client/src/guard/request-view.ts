/** What a guard reads of a request or of another call, whatever framework brought it. */
export interface RequestView<Native = unknown> {
  /** Path parameters, decoded once. */
  readonly params: Readonly<Record<string, unknown>>
  readonly query: Readonly<Record<string, unknown>>
  /** As the application's body parser left it; `undefined` without one. */
  readonly body: unknown
  /** The arguments of a GraphQL field, or the payload of a message; absent where a path says what is meant. */
  readonly args?: unknown
  /** The object whose field is resolved, of a GraphQL field resolver. */
  readonly parent?: unknown
  /**
   * Name, value, name, value … as they arrived. Node keeps the first of two `Authorization` headers and joins
   * other duplicates, so only this form shows that a request says two things at once.
   */
  readonly rawHeaders: readonly string[]
  /** The framework's own request. */
  readonly native: Native
}

/** A request as far as its headers go. */
export interface WithHeaders {
  readonly rawHeaders: readonly string[]
  readonly headers?: Readonly<Record<string, unknown>>
}

/**
 * The headers of a request as they arrived. One that did not come over a connection of Node, as adapters of serverless
 * platforms make them, may have only what they were put together to.
 */
export function arrivedHeaders(request: WithHeaders): readonly string[] {
  const { rawHeaders } = request
  // Node puts `headers` together when they are first asked for: only where nothing else is there.
  return rawHeaders.length > 0 ? rawHeaders : separateHeaders(Object.entries(request.headers ?? {}))
}

/**
 * Headers of which those of one name were joined by commas, as names and values in turn. Taken apart again, two of them
 * are two, and an id with a comma in it is refused: better than two ids that pass for one.
 */
export function separateHeaders(
  joined: Iterable<readonly [name: string, value: unknown]>,
): readonly string[] {
  return [...joined].flatMap(([name, value]) =>
    [value]
      .flat()
      .filter((each) => typeof each === 'string')
      .flatMap((each) => (name.toLowerCase() === 'cookie' ? [each] : each.split(',')))
      .flatMap((each) => [name, each.trim()]),
  )
}

/** Every value of a header, in the order in which they arrived. `name` is lower-case. */
export function headerValues(rawHeaders: readonly string[], name: string): readonly string[] {
  const values: string[] = []
  for (let at = 0; at + 1 < rawHeaders.length; at += 2) {
    const found = rawHeaders[at] as string
    if (found.length === name.length && found.toLowerCase() === name)
      values.push(rawHeaders[at + 1] as string)
  }
  return values
}

/** The value of a header that is there once; `undefined` where it is not, or more than once. */
export function onlyHeader(rawHeaders: readonly string[], name: string): string | undefined {
  let found: string | undefined
  for (let at = 0; at + 1 < rawHeaders.length; at += 2) {
    const each = rawHeaders[at] as string
    if (each.length !== name.length || each.toLowerCase() !== name) continue
    if (found !== undefined) return undefined
    found = rawHeaders[at + 1]
  }
  return found
}
