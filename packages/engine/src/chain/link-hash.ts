import { createHash, hash } from 'node:crypto'

/** What stands before the first link. */
export const noHash = '0'.repeat(64)

/**
 * What chains the log: the hash of a row covers its text, its place, and the hash of the row before it. Whoever changes
 * or removes one must change every hash after it, the last one too.
 *
 * @param previous - The hash of the row before; `noHash` for the first.
 * @param first - The position of the first commit in the row, and of the last.
 * @returns SHA-256 in hexadecimal, of four lines: the hash before, the two positions, the text.
 */
export function linkHash(
  previous: string,
  first: number,
  position: number,
  text: string | Uint8Array,
): string {
  const head = `${previous}\n${first}\n${position}\n`
  return typeof text === 'string'
    ? hash('sha256', head + text, 'hex')
    : createHash('sha256').update(head).update(text).digest('hex')
}
