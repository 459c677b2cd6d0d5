import { AuthorizationError } from './authorization-error.js'

/**
 * The store cannot be used as it is.
 *
 * - `store_foreign`: the file is not ours, or not a database; it was not touched.
 * - `store_damaged`: the file is ours, but does not pass its checks.
 * - `store_newer`: a newer release wrote it.
 * - `store_locked`: another process has it open, or restores into it.
 * - `store_not_empty`: it holds something, and was to be filled from a backup.
 */
export class StoreUnusable extends AuthorizationError<
  'store_foreign' | 'store_damaged' | 'store_newer' | 'store_locked' | 'store_not_empty'
> {
  override readonly name = 'StoreUnusable'
  override readonly kind = 'misconfigured'
}

/**
 * A backup cannot be restored. Nothing was.
 *
 * - `backup_foreign`: the file is no backup of ours.
 * - `backup_damaged`: it was cut or edited, or does not say what it should.
 * - `backup_newer`: a newer release made it.
 */
export class BackupUnusable extends AuthorizationError<'backup_foreign' | 'backup_damaged' | 'backup_newer'> {
  override readonly name = 'BackupUnusable'
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

/**
 * The disk has no room left for a write. Nothing was stored, and reads go on; so do writes that only take away, for
 * which room is kept.
 */
export class StoreFull extends AuthorizationError<'store_full'> {
  override readonly name = 'StoreFull'
  override readonly kind = 'unavailable'

  constructor(message: string, options?: { readonly cause?: unknown }) {
    super('store_full', message, options)
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

/**
 * A consistency token that this store cannot honour: no token of ours, one of another store, or one of a write that
 * is no more, for the store was restored from a backup that was made before it.
 */
export class ConsistencyTokenInvalid extends AuthorizationError<
  'consistency_token_malformed' | 'consistency_token_foreign' | 'consistency_token_lost'
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
