import type { DiskEvent } from './watched-disk.js'

const [logHeaderBytes, frameHeaderBytes] = [32, 24]

/**
 * What SQLite does where it trusts a disk not to harm the neighbours of what it writes (`powersafe overwrite`), as the
 * SQLite that a store uses does, and the one in WebAssembly does not: that one ends each transaction with a second copy
 * of its last frame, up to the end of a sector and beyond. Those copies are on the disk as soon as they are complete,
 * and no loss of power meets them.
 *
 * @param main - The database when watching began: its header says how long a page is.
 * @see https://sqlite.org/psow.html
 */
export function withoutPadding<Note>(
  events: readonly DiskEvent<Note>[],
  main: Buffer,
): readonly DiskEvent<Note>[] {
  const frameBytes = frameHeaderBytes + main.readUInt16BE(16)
  const told: DiskEvent<Note>[] = []
  let padding: DiskEvent<Note>[] = []
  let paddingAt = Number.NaN
  let frame: Buffer | undefined
  for (const event of events) {
    if (event.kind === 'flush') frame = undefined
    if (event.kind !== 'write' || !event.path.endsWith('-wal')) {
      told.push(event)
      continue
    }
    if (beginsFrame(event.at, frameBytes)) {
      // Nothing but padding is flushed in its middle, and so written in pieces.
      const isPiece = event.bytes.length < frameHeaderBytes
      const isCopy =
        isPiece || (frame !== undefined && endsTransaction(frame) && frame.equals(event.bytes.subarray(0, 8)))
      paddingAt = isCopy ? event.at : Number.NaN
      frame = event.bytes.subarray(0, 8)
    }
    if (Number.isNaN(paddingAt)) {
      told.push(event)
      continue
    }
    padding.push({ ...event, isCertain: true })
    if (event.at + event.bytes.length < paddingAt + frameBytes) continue
    told.push(...padding)
    padding = []
    paddingAt = Number.NaN
  }
  return told
}

function beginsFrame(at: number, frameBytes: number): boolean {
  return at >= logHeaderBytes && (at - logHeaderBytes) % frameBytes === 0
}

/** Then it says how many pages the database has. */
function endsTransaction(frame: Buffer): boolean {
  return frame.readUInt32BE(4) > 0
}
