import { createHmac } from 'node:crypto'

/** The header that proves who sent a body, as WorkOS writes it. @param at - Milliseconds since 1970. */
export function signatureOf(body: string, secret: string, at: number): string {
  return `t=${at}, v1=${createHmac('sha256', secret).update(`${at}.${body}`).digest('hex')}`
}
