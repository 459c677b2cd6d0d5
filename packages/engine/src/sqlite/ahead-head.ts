import { sectorBytes } from './ahead-frames.js'
import { checksum } from './checksum.js'

/** The head has the first page of the file, and stands in one sector of it: it is on disk whole or not at all. */
export const headBytes = 4_096

const magic = Buffer.from('\xffBLWKAHD', 'latin1')
/** Of the file, not of the store. */
const formatVersion = 1
const idAt = 20

/** What the file says of itself: its magic, its format, a checksum, and the id of its store. */
export function encodeHead(storeId: string): Buffer {
  const head = Buffer.alloc(headBytes)
  magic.copy(head)
  head.writeUInt32LE(formatVersion, 8)
  head.writeUInt32LE(checksum(storeId, formatVersion), 12)
  head.writeUInt32LE(head.write(storeId, idAt), 16)
  return head
}

export type Head =
  /** The file was never finished. */
  | { readonly kind: 'none' }
  | { readonly kind: 'damaged' }
  | { readonly kind: 'newer'; readonly version: number }
  | { readonly kind: 'of a store'; readonly storeId: string }

/** @param bytes - The file, from its beginning. */
export function decodeHead(bytes: Buffer): Head {
  const head = bytes.subarray(0, sectorBytes)
  if (head.every((byte) => byte === 0)) return { kind: 'none' }
  if (head.length < sectorBytes || !head.subarray(0, magic.length).equals(magic)) return { kind: 'damaged' }
  const version = head.readUInt32LE(8)
  const id = head.subarray(idAt, idAt + head.readUInt32LE(16))
  if (checksum(id, version) !== head.readUInt32LE(12)) return { kind: 'damaged' }
  return version > formatVersion ? { kind: 'newer', version } : { kind: 'of a store', storeId: id.toString() }
}
