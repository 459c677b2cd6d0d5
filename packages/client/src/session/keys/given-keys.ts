import { createPublicKey, type JsonWebKeyInput } from 'node:crypto'
import { Misconfigured } from '@bailiwick/core'
import type { JsonWebKeySet } from '../session-options.js'
import { readKeySet } from './key-set.js'
import type { KeySource } from './key-source.js'

/**
 * Keys that stand in the settings. They are the application's own choice, so one that cannot be used is an error
 * and not merely passed over.
 *
 * @throws {Misconfigured} naming the key.
 */
export function givenKeys(set: JsonWebKeySet): KeySource {
  if (!Array.isArray(set?.keys) || set.keys.length === 0) {
    throw new Misconfigured('`session.keys` must be a JWK set with at least one key: `{ keys: [...] }`')
  }
  const usable = readKeySet(set)
  set.keys.forEach((jwk, index) => {
    if (typeof jwk?.kid !== 'string' || !usable.has(jwk.kid) || !isPublicKey(jwk)) {
      throw new Misconfigured(
        `\`session.keys\` holds a key that cannot verify tokens, number ${index + 1}: it must be public (RSA, EC or OKP), for signatures, under a \`kid\` of its own`,
      )
    }
  })
  return { find: async (kid) => usable.get(kid), peek: (kid) => usable.get(kid) }
}

function isPublicKey(jwk: Readonly<Record<string, unknown>>): boolean {
  try {
    createPublicKey({ key: { ...jwk }, format: 'jwk' } as JsonWebKeyInput)
    return true
  } catch {
    return false
  }
}
