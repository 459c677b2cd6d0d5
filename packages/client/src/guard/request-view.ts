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
    if (each.length !== name.length || (each !== name && each.toLowerCase() !== name)) continue
    if (found !== undefined) return undefined
    found = rawHeaders[at + 1]
  }
  return found
}
