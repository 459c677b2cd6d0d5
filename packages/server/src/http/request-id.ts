import { randomBytes } from 'node:crypto'

const sane = /^[A-Za-z0-9_.:/+=-]{1,128}$/

/** The id that the caller gave, where it can stand in a log line; one of ours otherwise. */
export function requestIdOf(given: string | readonly string[] | undefined): string {
  return typeof given === 'string' && sane.test(given) ? given : nextId()
}

// Only to be found again in a log: unique, and nothing that needs to be hard to guess.
const process = randomBytes(8).toString('hex')
let count = 0

function nextId(): string {
  count++
  return `req_${process}${count.toString(36)}`
}
