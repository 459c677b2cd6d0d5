import { logChecksum, type WrittenRow } from './log-rows.js'

/** Frames begin at multiples of what a disk writes whole or not at all. */
export const sectorBytes = 512

/** A byte that no UTF-8 has comes first: what stands in a commit never looks like the beginning of a frame. */
const magic = 0x484157ff
const headerBytes = 28
const hashBytes = 64
/** What a frame takes beside its JSON. */
const besideJson = headerBytes + hashBytes

/** The most that a row may take as a frame, without counting the bytes of its text. */
export function mostBytesOf(json: string): number {
  return besideJson + 3 * json.length
}

/** As many bytes as a row takes as a frame. */
export function bytesOf(json: string): number {
  return besideJson + Buffer.byteLength(json)
}

/**
 * Write a row as a frame at the beginning of a buffer that has room for it: its magic, how long the JSON is, its
 * positions, checksum and hash as they stand in the log, and the JSON.
 *
 * @returns How many bytes it takes.
 */
export function encodeFrame(bytes: Buffer, [position, first, json, sum, hash]: WrittenRow): number {
  // By one call for all of the text: each that leaves JavaScript costs more than a kilobyte does.
  const length = bytes.write(hash + json, headerBytes) - hashBytes
  bytes.writeUInt32LE(magic, 0)
  bytes.writeUInt32LE(length, 4)
  bytes.writeUIntLE(position, 8, 6)
  bytes.writeUIntLE(first, 16, 6)
  bytes.writeUInt32LE(sum, 24)
  return besideJson + length
}

/** Where the next frame may begin behind one that ends here. */
export function nextFrame(end: number): number {
  return Math.ceil(end / sectorBytes) * sectorBytes
}

/** Every whole frame, wherever it begins: behind one that is torn or damaged may be others. */
export function decodeFrames(bytes: Buffer): readonly WrittenRow[] {
  const rows: WrittenRow[] = []
  for (let at = 0; at + besideJson <= bytes.length; ) {
    const frame = decodeFrame(bytes.subarray(at))
    if (frame !== undefined) rows.push(frame.row)
    at = nextFrame(at + (frame?.length ?? 1))
  }
  return rows
}

function decodeFrame(bytes: Buffer): { readonly row: WrittenRow; readonly length: number } | undefined {
  if (bytes.readUInt32LE(0) !== magic) return undefined
  const length = besideJson + bytes.readUInt32LE(4)
  if (length > bytes.length) return undefined
  const [position, first, sum] = [bytes.readUIntLE(8, 6), bytes.readUIntLE(16, 6), bytes.readUInt32LE(24)]
  const json = bytes.subarray(besideJson, length)
  if (logChecksum(position, first, json) !== sum) return undefined
  const hash = bytes.toString('latin1', headerBytes, besideJson)
  return { row: [position, first, json.toString(), sum, hash], length }
}
