import { createHash, type Hash } from 'node:crypto'
import { BackupUnusable } from '@bailiwick/core'
import { type BackupEnd, type BackupHeader, type BackupRecord, backupVersion } from './backup-record.js'

/** A backup that is being read. */
export interface OpenBackup {
  readonly header: BackupHeader
  /** To be read once, to the end: only then is it known to be whole. Throws `BackupUnusable`. */
  readonly records: AsyncIterable<BackupRecord>
}

/**
 * Read what `backupText` wrote.
 *
 * @throws {BackupUnusable} for what is no backup, is of a newer release, or was cut or edited.
 */
export async function openBackup(text: AsyncIterable<Uint8Array | string>): Promise<OpenBackup> {
  const seal = createHash('sha256')
  const lines = linesOf(text)
  const first = await lines.next()
  const header = first.done === true ? undefined : headerOf(first.value)
  if (first.done === true || header === undefined)
    throw new BackupUnusable('backup_foreign', 'the file does not begin as a backup does')
  if (header.version > backupVersion) {
    throw new BackupUnusable(
      'backup_newer',
      `the backup was made by a newer release (version ${header.version}, and this one knows ${backupVersion}): restore it with that one`,
    )
  }
  seal.update(first.value)
  return { header, records: recordsOf(lines, seal, header) }
}

/** A `backup_damaged` that says what to do about it. */
export function backupDamaged(what: string, cause?: unknown): BackupUnusable {
  return new BackupUnusable('backup_damaged', `the backup is damaged: ${what}; restore another one`, {
    cause,
  })
}

async function* recordsOf(
  lines: AsyncIterator<Buffer>,
  seal: Hash,
  { position }: BackupHeader,
): AsyncGenerator<BackupRecord> {
  const counts = { notes: 0, commits: 0 }
  for (;;) {
    const next = await lines.next()
    if (next.done === true) throw backupDamaged('it ends without its last line')
    const record = recordOf(next.value)
    if ('end' in record) {
      expectEnd(record.end, { ...counts, sha256: seal.digest('hex') }, position)
      if ((await lines.next()).done !== true) throw backupDamaged('something follows its last line')
      return
    }
    seal.update(next.value)
    if ('note' in record) counts.notes++
    else counts.commits++
    yield record
  }
}

function expectEnd(said: BackupEnd, read: BackupEnd, position: number): void {
  if (said.notes !== read.notes || said.commits !== read.commits || position !== read.commits)
    throw backupDamaged(
      `it has ${read.commits} of ${position} commits, and ${read.notes} of ${said.notes} notes`,
    )
  if (said.sha256 !== read.sha256) throw backupDamaged('it is not what was written')
}

function headerOf(line: Buffer): BackupHeader | undefined {
  const json = parse(line)
  const header = isObject(json) ? json.bailiwick_backup : undefined
  return isObject(header) && typeof header.version === 'number'
    ? (header as unknown as BackupHeader)
    : undefined
}

/** The seal proves the rest: it is what `backupText` wrote. */
function recordOf(line: Buffer): BackupRecord | { readonly end: BackupEnd } {
  const json = parse(line)
  if (!isObject(json) || !(isObject(json.note) || isObject(json.commit) || isObject(json.end)))
    throw backupDamaged('a line of it is none')
  return json as unknown as BackupRecord | { readonly end: BackupEnd }
}

function parse(line: Buffer): unknown {
  try {
    return JSON.parse(line.toString())
  } catch {
    return undefined
  }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null
}

/** Lines with their ends; what stands behind the last end of a line comes too. */
async function* linesOf(text: AsyncIterable<Uint8Array | string>): AsyncGenerator<Buffer> {
  let pieces: Buffer[] = []
  for await (const each of text) {
    const piece = Buffer.from(each as Uint8Array)
    let from = 0
    for (let end = piece.indexOf(newLine); end !== -1; end = piece.indexOf(newLine, from)) {
      pieces.push(piece.subarray(from, end + 1))
      yield Buffer.concat(pieces)
      pieces = []
      from = end + 1
    }
    if (from < piece.length) pieces.push(piece.subarray(from))
  }
  if (pieces.length > 0) yield Buffer.concat(pieces)
}

const newLine = 10
