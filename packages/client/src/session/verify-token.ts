import type { Session } from '@bailiwick/core'
import { compactVerify, errors } from 'jose'
import type { KeySource } from './keys/key-source.js'
import type { TrustedKey } from './keys/trusted-key.js'
import { parseJsonObject } from './parse-json-object.js'
import { parseToken } from './parse-token.js'
import { readSession } from './read-session.js'
import { untrusted } from './refusals.js'
import type { SessionSettings } from './session-settings.js'

/** A session, and what it rests on. */
export interface VerifiedToken {
  readonly session: Session
  readonly key: TrustedKey
  /** Unix milliseconds. */
  readonly verifiedAtMs: number
}

/**
 * Verify a token in full: size and shape, header, key, signature, and only then the claims.
 *
 * @throws {SessionInvalid} when it yields no session.
 * @throws {KeysUnavailable} when the issuer's keys cannot be had.
 */
export async function verifyToken(
  token: string,
  settings: SessionSettings,
  keys: KeySource,
): Promise<VerifiedToken> {
  const { algorithm, kid } = parseToken(token, settings)
  const key = keys.peek(kid, settings.clock()) ?? (await keys.find(kid))
  if (key === undefined) throw untrusted('the token names a key that the issuer does not publish')
  const payload = await verifySignature(token, key, algorithm)
  const session = readSession(parseJsonObject(payload, 'payload'), settings)
  return { session, key, verifiedAtMs: settings.clock() }
}

async function verifySignature(token: string, key: TrustedKey, algorithm: string): Promise<Uint8Array> {
  const publicKey = await key.for(algorithm)
  if (publicKey === undefined) throw untrusted('the key that the token names is not one for its algorithm')
  try {
    const { payload } = await compactVerify(token, publicKey, { algorithms: [algorithm] })
    return payload
  } catch (error) {
    if (error instanceof errors.JOSEError) throw untrusted('the signature is not that of the named key')
    throw error
  }
}
