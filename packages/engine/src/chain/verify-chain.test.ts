import { createHash } from 'node:crypto'
import type { LogLink } from '@bailiwick/core'
import { expect, test } from 'vitest'
import { linkHash, noHash } from './link-hash.js'
import { linksOf, verifyChain } from './verify-chain.js'

/** Rows of a log that holds these texts; the first so many are of a release that had no chain. */
function logOf(texts: readonly string[], unchained = 0): LogLink[] {
  let last = noHash
  return texts.map((text, n) => {
    const position = n + 1
    if (n < unchained) return { first: position, position, text, hash: null }
    last = linkHash(last, position, position, text)
    return { first: position, position, text, hash: last }
  })
}

async function* rows(links: readonly LogLink[]): AsyncGenerator<LogLink> {
  yield* links
}

const texts = ['one', 'two', 'three', 'four']

test('a log as it was written is whole', async () => {
  const links = logOf(texts)
  expect(await verifyChain(rows(links))).toEqual({
    kind: 'whole',
    commits: 4,
    since: 1,
    head: links[3]?.hash,
  })
})

test('a text that was changed does not fit, nor does one of which the hash was changed with it', async () => {
  const links = logOf(texts)
  const edited = links.map((link) => (link.position === 2 ? { ...link, text: 'Two' } : link))
  expect(await verifyChain(rows(edited))).toEqual({ kind: 'broken', position: 2, how: 'changed' })
  const hash = linkHash(links[0]?.hash ?? '', 2, 2, 'Two')
  const rehashed = edited.map((link) => (link.position === 2 ? { ...link, hash } : link))
  expect(await verifyChain(rows(rehashed))).toEqual({ kind: 'broken', position: 3, how: 'changed' })
})

test('a row that was taken out is missed, also where the others have moved up', async () => {
  const links = logOf(texts).filter(({ position }) => position !== 2)
  expect(await verifyChain(rows(links))).toEqual({ kind: 'broken', position: 2, how: 'missing' })
  const closed = links.map((link, n) => ({ ...link, first: n + 1, position: n + 1 }))
  expect(await verifyChain(rows(closed))).toEqual({ kind: 'broken', position: 2, how: 'changed' })
})

test('an end that was cut off is missed by who kept the head, and by nobody else', async () => {
  const links = logOf(texts)
  const head = links[3]?.hash ?? ''
  expect(await verifyChain(rows(links), { head })).toMatchObject({ kind: 'whole' })
  expect(await verifyChain(rows(links.slice(0, 3)))).toMatchObject({ kind: 'whole', commits: 3 })
  expect(await verifyChain(rows(links.slice(0, 3)), { head })).toEqual({ kind: 'head_missing', commits: 3 })
  const rewritten = logOf(['one', 'two', 'three', 'FOUR'])
  expect(await verifyChain(rows(rewritten), { head })).toEqual({ kind: 'head_missing', commits: 4 })
})

test('what an older release wrote is before the chain, and nothing without a hash is after its beginning', async () => {
  expect(await verifyChain(rows(logOf(texts, 2)))).toMatchObject({ kind: 'whole', commits: 2, since: 3 })
  const bare = logOf(texts).map((link) => (link.position === 3 ? { ...link, hash: null } : link))
  expect(await verifyChain(rows(bare))).toEqual({ kind: 'broken', position: 3, how: 'changed' })
})

/** Rows of two commits each. */
function pairsOf(count: number): LogLink[] {
  let last = noHash
  return Array.from({ length: count }, (_, n) => {
    const [first, position, text] = [2 * n + 1, 2 * n + 2, `pair ${n}`]
    last = linkHash(last, first, position, text)
    return { first, position, text, hash: last }
  })
}

test('a row of several commits counts for each, and where it was changed its first one is named', async () => {
  const links = pairsOf(2)
  expect(await verifyChain(rows(links))).toMatchObject({ kind: 'whole', commits: 4 })
  const edited = links.map((link) => (link.first === 3 ? { ...link, text: 'another' } : link))
  expect(await verifyChain(rows(edited))).toEqual({ kind: 'broken', position: 3, how: 'changed' })
})

test('is read to its end, page by page, and each row once', async () => {
  const links = pairsOf(501)
  const store = {
    links: async ({ after, limit }: { readonly after: number; readonly limit: number }) =>
      links.filter(({ position }) => position > after).slice(0, limit),
  }
  expect(await verifyChain(linksOf(store))).toMatchObject({ kind: 'whole', commits: 1_002 })
})

test('a hash can be computed by anybody: of four lines, as a text or as bytes', () => {
  const digest = createHash('sha256').update(`${noHash}\n1\n2\nünï`).digest('hex')
  expect(linkHash(noHash, 1, 2, 'ünï')).toBe(digest)
  expect(linkHash(noHash, 1, 2, Buffer.from('ünï'))).toBe(digest)
})
