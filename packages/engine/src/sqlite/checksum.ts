import { crc32 } from 'node:zlib'

/**
 * CRC-32 of a row's content and of the key it stands under, so that a row that strays is noticed as well.
 * It finds damage, not malice: whoever can write the file can write checksums.
 */
export function checksum(content: string | Buffer, ...key: readonly (string | number)[]): number {
  return crc32(content, checksumOfKey(...key))
}

/** The part of `checksum` that rows under one key share: `crc32(content, checksumOfKey(…))` completes it. */
export function checksumOfKey(...key: readonly (string | number)[]): number {
  return crc32(key.map((part) => `${part}\n`).join(''))
}
