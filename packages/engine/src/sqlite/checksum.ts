import { crc32 } from 'node:zlib'

/**
 * CRC-32 of a row's content and of the key it stands under, so that a row that strays is noticed as well.
 * It finds damage, not malice: whoever can write the file can write checksums.
 */
export function checksum(content: string | Buffer, ...key: readonly (string | number)[]): number {
  // Of a text with its key before it, by one call: each costs more than a kilobyte does.
  if (typeof content === 'string') return crc32(textOfKey(key) + content)
  const keySum = checksumOfKey(...key)
  // For an empty buffer that points nowhere, as SQLite hands them out, zlib forgets the sum so far.
  return content.length === 0 ? keySum : crc32(content, keySum)
}

/** The part of `checksum` that rows under one key share: `crc32(content, checksumOfKey(…))` completes it. */
export function checksumOfKey(...key: readonly (string | number)[]): number {
  return crc32(textOfKey(key))
}

function textOfKey(key: readonly (string | number)[]): string {
  let text = ''
  for (const part of key) text += `${part}\n`
  return text
}
