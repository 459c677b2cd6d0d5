import { createReadStream, createWriteStream } from 'node:fs'
import { open, rename, rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGunzip, createGzip } from 'node:zlib'
import { BackupUnusable, Misconfigured, StoreUnavailable } from '@bailiwick/core'
import type { BackupHeader } from './backup-record.js'
import { backupDamaged, type OpenBackup, openBackup } from './read-backup.js'

/**
 * Write a backup into a file, compressed: under another name first, and under its own when it is on disk and was read
 * again. Only its owner may read it, for it holds the keys by which sessions are signed.
 *
 * @param text - What `backupText` yields, here or at the other end of a connection.
 * @throws {Misconfigured} where a file cannot be made; {StoreUnavailable} when the disk fails; {BackupUnusable} when
 *   the text was cut.
 */
export async function writeBackupFile(
  text: AsyncIterable<Uint8Array | string>,
  file: string,
): Promise<BackupHeader> {
  const draft = `${file}.part`
  try {
    // Never one that is there: what somebody else has made, he could read.
    await rm(draft, { force: true })
    const handle = await open(draft, 'wx', 0o600)
    try {
      await pipeline(
        Readable.from(text, { objectMode: false }),
        createGzip(),
        createWriteStream(draft, { fd: handle.fd, autoClose: false, start: 0 }),
      )
      await handle.sync()
    } finally {
      await handle.close()
    }
    const { header, records } = await readBackupFile(draft)
    for await (const _ of records);
    await rename(draft, file)
    await flushDirectory(dirname(file))
    return header
  } catch (error) {
    await rm(draft, { force: true })
    throw fileError(error, file)
  }
}

/** Open a file that `writeBackupFile` wrote. @throws {BackupUnusable} @throws {Misconfigured} when it is not there. */
export async function readBackupFile(file: string): Promise<OpenBackup> {
  try {
    if (!(await isCompressed(file)))
      throw new BackupUnusable('backup_foreign', `\`${file}\` is no backup: it is not compressed as one`)
    return await openBackup(unpacked(file))
  } catch (error) {
    throw fileError(error, file)
  }
}

async function* unpacked(file: string): AsyncGenerator<Uint8Array> {
  const unpacking = createGunzip()
  // What goes wrong on the way is heard of below.
  pipeline(createReadStream(file), unpacking).catch(() => {})
  try {
    yield* unpacking
  } catch (cause) {
    const { code = '' } = cause as NodeJS.ErrnoException
    throw code.startsWith('Z_') ? backupDamaged('it was cut or changed', cause) : cause
  } finally {
    unpacking.destroy()
  }
}

/** The two bytes with which RFC 1952 begins. */
async function isCompressed(file: string): Promise<boolean> {
  const handle = await open(file, 'r')
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(2), 0, 2, 0)
    return bytesRead === 2 && buffer.readUInt16BE(0) === 0x1f8b
  } finally {
    await handle.close()
  }
}

/** A name is durable only with its directory. Windows has no such call, and needs none. */
async function flushDirectory(directory: string): Promise<void> {
  if (process.platform === 'win32') return
  const handle = await open(directory, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

function fileError(error: unknown, file: string): unknown {
  const { code } = error as NodeJS.ErrnoException
  if (code === 'ENOENT' || code === 'EACCES' || code === 'EISDIR' || code === 'ENOTDIR')
    return new Misconfigured(`\`${file}\` cannot be opened: ${code}`, { cause: error })
  if (code === 'ENOSPC' || code === 'EDQUOT' || code === 'EIO')
    return new StoreUnavailable(`\`${file}\` could not be written: ${code}`, { cause: error })
  return error
}
