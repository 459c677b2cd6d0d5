import type { Notebook } from '@bailiwick/core'
import { type CryptoKey, calculateJwkThumbprint, exportJWK, generateKeyPair, importJWK, type JWK } from 'jose'

/** The public half of a key, as it is published. */
export interface PublishedKey {
  readonly kty: string
  readonly n: string
  readonly e: string
  readonly kid: string
  readonly alg: 'RS256'
  readonly use: 'sig'
}

/** A key that signs. */
export interface SigningKey {
  readonly kid: string
  readonly key: CryptoKey
}

/**
 * The RS256 keys of the clients, each client with its own: a token for one application is none for another. They
 * are made once and kept in the notebook, so that sessions outlive a restart.
 */
export interface SigningKeys {
  /** The key that signs now; made at the first call. */
  current(clientId: string): Promise<SigningKey>
  /** The keys that verify: of a client that never signed, none. Newest first, at most two. */
  published(clientId: string): Promise<readonly PublishedKey[]>
  /**
   * Sign with a new key from now on. What the last one signed stays good until the next rotation; several at the same
   * time, at whichever processes, are one.
   *
   * @returns the `kid` of the new key; `undefined` where another rotation has made it.
   */
  rotate(clientId: string): Promise<string | undefined>
}

const bucket = 'signing_keys'
const keysAtOnce = 2

/** Keys as they are kept: private JWKs with `kid`, newest first. */
type KeptKeys = readonly [KeptKey, ...KeptKey[]]
type KeptKey = JWK & { readonly kid: string; readonly n: string; readonly e: string }

export function signingKeys(notebook: Notebook): SigningKeys {
  const imported = new Map<string, CryptoKey>()

  async function kept(clientId: string): Promise<KeptKeys | undefined> {
    const note = await notebook.read(bucket, clientId)
    return note === undefined ? undefined : (JSON.parse(note) as KeptKeys)
  }

  async function keptOrMade(clientId: string): Promise<KeptKeys> {
    const before = await kept(clientId)
    if (before !== undefined) return before
    // Whoever comes second takes what the first has made.
    await notebook.insert(bucket, clientId, JSON.stringify([await makeKey()]))
    return keptOrMade(clientId)
  }

  return {
    current: async (clientId) => {
      const [jwk] = await keptOrMade(clientId)
      const key = imported.get(jwk.kid) ?? ((await importJWK(jwk, 'RS256')) as CryptoKey)
      imported.set(jwk.kid, key)
      return { kid: jwk.kid, key }
    },
    published: async (clientId) => ((await kept(clientId)) ?? []).map(publicHalf),
    rotate: async (clientId) => {
      const note = await notebook.read(bucket, clientId)
      const before: readonly JWK[] = note === undefined ? [] : JSON.parse(note)
      const made = await makeKey()
      const keys = JSON.stringify([made, ...before].slice(0, keysAtOnce))
      // Of those who rotate at the same time one does it for all, since its key is newer than when they were asked:
      // were each to add one, what the last key signed a moment ago would be good no more.
      const isKept = await (note === undefined
        ? notebook.insert(bucket, clientId, keys)
        : notebook.replace(bucket, clientId, note, keys))
      return isKept ? made.kid : undefined
    },
  }
}

async function makeKey(): Promise<JWK & { readonly kid: string }> {
  const { privateKey } = await generateKeyPair('RS256', { extractable: true })
  const jwk = await exportJWK(privateKey)
  return { ...jwk, kid: await calculateJwkThumbprint(jwk) }
}

function publicHalf({ kid, n, e }: KeptKey): PublishedKey {
  return { kty: 'RSA', n, e, kid, alg: 'RS256', use: 'sig' }
}
