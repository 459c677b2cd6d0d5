/** A key, as the command shows it. */
export interface ShownKey {
  readonly id: string
  readonly name: string
  readonly scopes: readonly string[]
  readonly hint: string
  readonly createdAt: string
  readonly expiresAt: string | null
  readonly revokedAt: string | null
  readonly lastUsedAt: string | null
}

/** What a new key is to be. */
export interface WantedKey {
  readonly name: string
  readonly scopes: readonly Scope[]
  /** ISO 8601, or `null` for ever. */
  readonly expiresAt: string | null
}

export type Scope = 'read' | 'check' | 'write' | 'admin'

/** A key that was just made, and the key itself. */
export interface IssuedKey {
  readonly id: string
  readonly secret: string
}

/** Where keys are managed: a data file that nobody serves, a database, or a service that runs. */
export interface KeyDesk {
  list(): Promise<readonly ShownKey[]>
  create(key: WantedKey): Promise<IssuedKey>
  rotate(id: string, keepOldForSec: number | undefined): Promise<IssuedKey>
  revoke(id: string): Promise<void>
  close(): Promise<void>
}
