/** Middleware in a router's stack: what Express tells of where it stands. */
export interface MountLayer {
  /** Express 5, with a `router` package of 2.3 or later. */
  readonly rawPath?: unknown
  /** Express 5: whether it stands at `/`. */
  readonly slash?: boolean
  readonly match?: (path: string) => unknown
  /** Express 4. */
  readonly regexp?: RegExp & { readonly fast_slash?: boolean }
}

/**
 * Whether middleware runs for every request that a route gets, whatever stands for the route's parameters. The path of a
 * route is matched as if it were that of a request, as far as that proves anything: an optional part may be absent, and
 * an expression may match the letters of `:id` and not the ids. Where it proves nothing the answer is no, and the guard
 * must be said again on the route.
 *
 * @param path - Of the route, relative to the router that both stand in.
 */
export function covers(layer: MountLayer, path: string): boolean {
  if (isEverywhere(layer)) return true
  if (isExpression(layer)) return false
  const start = literalStart(path)
  if (start !== '' && matches(layer, start)) return true
  return isPlain(path) && isPlainMount(layer) && matches(layer, path)
}

/** Whether middleware stands at `/`. */
export function isEverywhere({ slash, regexp }: MountLayer): boolean {
  return slash === true || regexp?.fast_slash === true
}

function matches(layer: MountLayer, path: string): boolean {
  try {
    return Boolean(layer.regexp === undefined ? layer.match?.(path) : layer.regexp.test(path))
  } catch {
    return false
  }
}

/** Whether it is mounted at an expression of the application's own, which knows nothing of capitals and segments. */
export function isExpression({ rawPath, regexp }: MountLayer): boolean {
  if (regexp !== undefined) return !alternativesOf(regexp).every((source) => compiled.test(source))
  return listOf(rawPath).some((path) => path instanceof RegExp)
}

function isPlainMount({ rawPath, regexp }: MountLayer): boolean {
  if (regexp !== undefined) return alternativesOf(regexp).every((source) => compiledPlain.test(source))
  return rawPath !== undefined && listOf(rawPath).every((path) => isPlain(String(path)))
}

// What Express 4 makes of a path.
const compiled = /^\^.*\\\/\?\(\?=\\\/\|\$\)$/
const compiledPlain =
  /^\^(?:(?:\\[/.]|[\w~%@!&',;=-])*|\(\?:\\\/\(\[\^\\?\/\]\+\?\)\)\??)*\\\/\?\(\?=\\\/\|\$\)$/

/** What Express 4 has compiled, path by path. */
export function alternativesOf({ source }: RegExp): readonly string[] {
  return source.split(/(?<=\(\?=\\\/\|\$\))\|/)
}

/** The whole segments that every path of the route begins with. */
function literalStart(path: string): string {
  // A group that begins with a slash is there or not: what stands before it is whole.
  const [before = ''] = path.split(/(?=[{(]\/)/, 1)
  const segments = before.split('/')
  const end = segments.findIndex((segment) => !literal.test(segment))
  return segments.slice(0, end === -1 ? undefined : end).join('/')
}

/** Whether a path has nothing but letters, and parameters that take up a whole segment each. */
function isPlain(path: string): boolean {
  return path.split('/').every((segment) => literal.test(segment) || parameter.test(segment))
}

const literal = /^[^:*?+!(){}[\]"\\|^$]*$/
const parameter = /^:[\p{ID_Start}$_][\p{ID_Continue}$]*$/u

function listOf(path: unknown): readonly unknown[] {
  return Array.isArray(path) ? path.flat(Number.POSITIVE_INFINITY) : [path]
}
