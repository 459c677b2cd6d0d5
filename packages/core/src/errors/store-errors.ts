import { AuthorizationError } from './authorization-error.js'

/**
 * The store cannot be used as it is.
 *
 * - `store_foreign`: the file is not ours, or not a database; it was not touched.
 * - `store_damaged`: the file is ours, but does not pass its checks.
 * - `store_newer`: a newer release wrote it.
 * - `store_locked`: another process has it open.
 */
export class StoreUnusable extends AuthorizationError<
  'store_foreign' | 'store_damaged' | 'store_newer' | 'store_locked'
> {
  override readonly name = 'StoreUnusable'
  override readonly kind = 'misconfigured'
}

/** The store failed to read or write now (disk full, I/O error, closed). Nothing was acknowledged. */
export class StoreUnavailable extends AuthorizationError<'store_unavailable'> {
  override readonly name = 'StoreUnavailable'
  override readonly kind = 'unavailable'

  constructor(message: string, options?: { readonly cause?: unknown }) {
    super('store_unavailable', message, options)
  }
}

/** A command lost the race for its shard more often than it may retry. */
export class WriteContended extends AuthorizationError<'write_contended'> {
  override readonly name = 'WriteContended'
  override readonly kind = 'unavailable'

  constructor(
    readonly shard: string,
    readonly attempts: number,
  ) {
    super('write_contended', `\`${shard}\` was changed by others ${attempts} times in a row; try again`)
  }
}

/** A consistency token that this store did not issue, or that is newer than all it holds. */
export class ConsistencyTokenInvalid extends AuthorizationError<
  'consistency_token_malformed' | 'consistency_token_foreign'
> {
  override readonly name = 'ConsistencyTokenInvalid'
  override readonly kind = 'invalid'
}

/** The store has not reached the revision that a consistency token names. */
export class ConsistencyUnreachable extends AuthorizationError<'consistency_unreachable'> {
  override readonly name = 'ConsistencyUnreachable'
  override readonly kind = 'unavailable'

  constructor(
    readonly shard: string,
    readonly wanted: number,
    readonly reached: number,
  ) {
    super(
      'consistency_unreachable',
      `\`${shard}\` is at revision ${reached}, and the token asks for ${wanted}`,
    )
  }
}
