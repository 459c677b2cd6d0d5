import type { TrustedKey } from './trusted-key.js'

/** Where the issuer's keys come from. */
export interface KeySource {
  /**
   * The key that the issuer publishes under `kid` now, or `undefined` when it publishes none.
   *
   * @throws {KeysUnavailable} when neither can be said.
   */
  find(kid: string): Promise<TrustedKey | undefined>
  /**
   * The key, where it is at hand and nothing needs to be fetched; `undefined` says only to `find` it.
   *
   * @param nowMs - The time, by the clock of the source: to look at it costs as much as all else here.
   */
  peek(kid: string, nowMs: number): TrustedKey | undefined
}
