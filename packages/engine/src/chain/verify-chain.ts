import type { ChangeSource, LogLink } from '@bailiwick/core'
import { linkHash, noHash } from './link-hash.js'

/** What became of the chain that a log is. */
export type ChainVerdict =
  /** Every row is as it was written. */
  | {
      readonly kind: 'whole'
      /** How many commits the chain holds. */
      readonly commits: number
      /** The position of the first of them: what is before it was written by a release that had no chain. */
      readonly since: number
      /** The hash of the last row; `undefined` while there is none. */
      readonly head: string | undefined
    }
  /** Here, or in a row just before, something was changed; or it is not there. */
  | { readonly kind: 'broken'; readonly position: number; readonly how: 'changed' | 'missing' }
  /** Every row fits the one before, but the hash that somebody kept is not among them: the end was cut or rewritten. */
  | { readonly kind: 'head_missing'; readonly commits: number }

/**
 * Recompute the chain of a log from its first row to its last.
 *
 * @param links - Every row, in order.
 * @param options.head - A hash that was the last one once: it must still be there. Only that tells a log whose end is
 *   cut, or which was written anew from some row on, from one that is whole.
 */
export async function verifyChain(
  links: AsyncIterable<LogLink>,
  { head }: { readonly head?: string | undefined } = {},
): Promise<ChainVerdict> {
  let [reached, since, commits] = [0, 1, 0]
  let last: string | undefined
  let isHeadThere = head === undefined
  for await (const { first, position, text, hash } of links) {
    if (first !== reached + 1) return { kind: 'broken', position: reached + 1, how: 'missing' }
    reached = position
    if (hash === null && last === undefined) {
      since = position + 1
      continue
    }
    if (hash !== linkHash(last ?? noHash, first, position, text))
      return { kind: 'broken', position: first, how: 'changed' }
    last = hash
    commits += position - first + 1
    isHeadThere ||= hash === head
  }
  return isHeadThere ? { kind: 'whole', commits, since, head: last } : { kind: 'head_missing', commits }
}

const linksAtOnce = 500

/** Every row of a log, in order. */
export async function* linksOf(store: Pick<ChangeSource, 'links'>): AsyncGenerator<LogLink> {
  for (let after = 0; ; ) {
    const links = await store.links({ after, limit: linksAtOnce })
    const last = links.at(-1)
    if (last === undefined) return
    yield* links
    after = last.position
  }
}
