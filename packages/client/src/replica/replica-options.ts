import { Misconfigured, type OrganizationId } from '@bailiwick/core'
import type { RemoteOptions } from '../remote/remote-options.js'

/** Where a replica takes its organizations from, which ones, and how old an answer may be. */
export interface ReplicaOptions extends Omit<RemoteOptions, 'api' | 'model' | 'cache'> {
  /**
   * Which organizations are kept here. `on-demand`: each from the first question about it on. Up to 100 ids: these,
   * loaded at once; about all others the server is asked. Default `on-demand`.
   */
  readonly organizations?: 'on-demand' | readonly OrganizationId[]
  /**
   * How old what answers may be. Beyond it the server is asked, and when that fails the question does too.
   * Milliseconds from 500 to 60 000, default 1 000.
   */
  readonly stalenessMs?: number
  /**
   * Permissions that may be answered from what is older while the server cannot be asked either, and how old that may
   * be, in milliseconds. Only for what harms nobody when it is still allowed after it was taken away. Default: none.
   */
  readonly staleIfError?: Readonly<Record<string, number>>
  /** How much memory the organizations held may take, about. MiB, default 512. */
  readonly maxMemoryMb?: number
}

/** Options that have been looked at, with their defaults. */
export interface CheckedReplicaOptions {
  readonly organizations: ReadonlySet<OrganizationId> | undefined
  readonly stalenessMs: number
  readonly staleIfError: ReadonlyMap<string, number>
}

const mostAgeMs = 86_400_000

/** @throws {Misconfigured} naming the option that is wrong. */
export function checkReplicaOptions(options: ReplicaOptions): CheckedReplicaOptions {
  const { organizations = 'on-demand', stalenessMs = 1_000 } = options
  // What the copy cannot answer must come from the server as it is now.
  if ('cache' in options)
    throw new Misconfigured('a replica answers from memory itself, and takes no `cache`')
  // The server tells four times a second how far it is.
  if (!Number.isInteger(stalenessMs) || stalenessMs < 500 || stalenessMs > 60_000)
    throw new Misconfigured('`stalenessMs` must be a whole number from 500 to 60 000')
  const staleIfError = new Map(Object.entries(options.staleIfError ?? {}))
  for (const [permission, ageMs] of staleIfError) {
    if (!Number.isInteger(ageMs) || ageMs < stalenessMs || ageMs > mostAgeMs)
      throw new Misconfigured(
        `\`staleIfError\` of \`${permission}\` must be from \`stalenessMs\` to 86 400 000`,
      )
  }
  if (organizations === 'on-demand') return { organizations: undefined, stalenessMs, staleIfError }
  if (!Array.isArray(organizations) || organizations.length === 0 || organizations.length > 100)
    throw new Misconfigured('`organizations` must be `on-demand` or 1 to 100 ids')
  return { organizations: new Set(organizations), stalenessMs, staleIfError }
}
