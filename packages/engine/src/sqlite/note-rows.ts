import type { Note } from '@bailiwick/core'
import { checksum } from './checksum.js'
import { damaged } from './sqlite-errors.js'

/** Key, value, time of expiry, checksum. */
export type NoteRow = readonly [Buffer, Buffer, number | null, number]

/** The same, and the bucket before it. */
export type FiledRow = readonly [Buffer, ...NoteRow]

/** @throws {StoreUnusable} `store_damaged` */
export function decodeNote(bucket: string, [keyBytes, value, expiresAt, sum]: NoteRow): Note {
  const key = keyBytes.toString()
  if (noteChecksum(bucket, key, value, expiresAt) !== sum)
    throw damaged(`the note \`${key}\` of \`${bucket}\` fails its checksum`)
  return { key, value: value.toString(), expiresAt }
}

/** Of the value and of all it stands under. */
export function noteChecksum(
  bucket: string,
  key: string,
  value: string | Buffer,
  expiresAt: number | null,
): number {
  return checksum(value, bucket, key, expiresAt ?? '')
}
