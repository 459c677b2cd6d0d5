import type { HttpAnswer } from './exchange.js'

/** The seconds for which an answer asks to be left alone. A date is none of our clock's business, and is not read. */
export function retryAfterSec({ headers }: HttpAnswer): number | undefined {
  const value = headers['retry-after']
  return typeof value === 'string' && /^\d{1,9}$/.test(value) ? Number(value) : undefined
}
