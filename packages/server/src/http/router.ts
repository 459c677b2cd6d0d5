import { RequestRefused } from '@bailiwick/wire'

/** What stands under a method and a path: `/authorization/resources/{resource_id}`. */
export interface Routed {
  readonly method: string
  readonly path: string
}

/** What takes a request, and what its path says. */
export interface Found<Target> {
  readonly target: Target
  /** By the names in the pattern, decoded. */
  readonly params: Readonly<Record<string, string>>
}

interface Leaf<Target> {
  readonly target: Target
  readonly names: readonly string[]
  /** What stands before and behind its parameter; `undefined` where it has more than one, or none. */
  readonly around: { readonly start: string; readonly end: string } | undefined
  /** What would lead elsewhere in place of its last parameter. */
  readonly siblings: ReadonlyMap<string, unknown>
}

/** Where one segment of a path leads. */
interface Place<Target> {
  readonly named: Map<string, Place<Target>>
  /** Where any other segment leads that is not empty. */
  any: Place<Target> | undefined
  readonly leaves: Map<string, Leaf<Target>>
}

/**
 * Finds what a path leads to, segment by segment. A path is taken apart before it is decoded, so that `a%2Fb` is one
 * segment and decoded once; and names are compared as they were sent, so that no other spelling of a path is another
 * way past whoever stands before us.
 */
export class Router<Target extends Routed> {
  readonly #root: Place<Target> = newPlace()
  #last: Leaf<Target> | undefined

  constructor(targets: readonly Target[]) {
    for (const target of targets) this.#add(target)
  }

  /**
   * @param path - As it was sent, without the query.
   * @throws {RequestRefused} `request_malformed` when a parameter is badly encoded.
   */
  find(method: string, path: string): Found<Target> | undefined {
    if (!path.startsWith('/')) return undefined
    const again = this.#again(method, path)
    if (again !== undefined) return again
    const values: string[] = []
    const leaf = search(this.#root, path, 1, method, values)
    if (leaf === undefined) return undefined
    this.#last = leaf
    const params: Record<string, string> = {}
    for (let at = 0; at < values.length; at++) {
      params[leaf.names[at] as string] = decode(values[at] as string)
    }
    return { target: leaf.target, params }
  }

  /** The methods that a path has; none where there is no such path. */
  methodsOf(path: string): readonly string[] {
    const methods = new Set<string>()
    if (path.startsWith('/')) gather(this.#root, path.split('/').slice(1), methods)
    return [...methods]
  }

  /** Most requests differ from the one before in a parameter alone: then nothing need be searched. */
  #again(method: string, path: string): Found<Target> | undefined {
    const leaf = this.#last
    if (leaf?.around === undefined || leaf.target.method !== method) return undefined
    const { start, end } = leaf.around
    if (!path.startsWith(start) || !path.endsWith(end)) return undefined
    const value = path.slice(start.length, path.length - end.length)
    if (value === '' || value.includes('/') || leaf.siblings.has(value)) return undefined
    return { target: leaf.target, params: { [leaf.names[0] as string]: decode(value) } }
  }

  #add(target: Target): void {
    let place = this.#root
    let siblings = place.named
    const names: string[] = []
    for (const segment of target.path.split('/').slice(1)) {
      const name = /^\{(\w+)\}$/.exec(segment)?.[1]
      if (name !== undefined) {
        names.push(name)
        siblings = place.named
      }
      const next = (name === undefined ? place.named.get(segment) : place.any) ?? newPlace<Target>()
      if (name === undefined) place.named.set(segment, next)
      else place.any = next
      place = next
    }
    if (place.leaves.has(target.method)) throw new Error(`there are two of ${target.method} ${target.path}`)
    const [start = '', end = '', more] = target.path.split(/\{\w+\}/)
    const around = names.length === 1 && more === undefined ? { start, end } : undefined
    place.leaves.set(target.method, { target, names, around, siblings })
  }
}

function decode(segment: string): string {
  if (!segment.includes('%')) return segment
  try {
    return decodeURIComponent(segment)
  } catch {
    throw new RequestRefused('request_malformed', 'the path is not correctly percent-encoded')
  }
}

function newPlace<Target>(): Place<Target> {
  return { named: new Map(), any: undefined, leaves: new Map() }
}

/** A name is preferred to a parameter, and where it leads to nothing, the parameter is tried. */
function search<Target>(
  place: Place<Target>,
  path: string,
  start: number,
  method: string,
  values: string[],
): Leaf<Target> | undefined {
  const slash = path.indexOf('/', start)
  const segment = slash < 0 ? path.slice(start) : path.slice(start, slash)
  const named = place.named.get(segment)
  if (named !== undefined) {
    const leaf = slash < 0 ? named.leaves.get(method) : search(named, path, slash + 1, method, values)
    if (leaf !== undefined) return leaf
  }
  const { any } = place
  if (any === undefined || segment === '') return undefined
  values.push(segment)
  const leaf = slash < 0 ? any.leaves.get(method) : search(any, path, slash + 1, method, values)
  if (leaf === undefined) values.pop()
  return leaf
}

function gather<Target>(
  place: Place<Target>,
  [segment, ...rest]: readonly string[],
  into: Set<string>,
): void {
  if (segment === undefined) {
    for (const method of place.leaves.keys()) into.add(method)
    return
  }
  const named = place.named.get(segment)
  if (named !== undefined) gather(named, rest, into)
  if (place.any !== undefined && segment !== '') gather(place.any, rest, into)
}
