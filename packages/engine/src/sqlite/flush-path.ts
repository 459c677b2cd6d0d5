import { closeSync, fsyncSync, openSync } from 'node:fs'
import { dirname } from 'node:path'

/** Bring what a file holds to the disk. */
export function flushPath(path: string): void {
  const file = openSync(path, 'r')
  try {
    fsyncSync(file)
  } finally {
    closeSync(file)
  }
}

/** A name is durable only with its directory. Windows has no such call, and needs none. */
export function flushNameOf(path: string): void {
  if (process.platform !== 'win32') flushPath(dirname(path))
}
