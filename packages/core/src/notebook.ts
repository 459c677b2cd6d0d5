/** A note that a service keeps: text under a bucket and a key. */
export interface Note {
  readonly key: string
  readonly value: string
  /** Milliseconds since 1970; `null` for ever. */
  readonly expiresAt: number | null
}

/** A note and the bucket that it lies in. */
export interface FiledNote extends Note {
  readonly bucket: string
}

/**
 * What a service must keep and what is nobody's entity: hashes of keys, answers to repeated requests, templates.
 * Durable when a promise resolves, and in no feed. An expired note is as good as gone.
 */
export interface Notebook {
  /**
   * `exclusive`: no other process writes notes or commits while it is open, and what is asked for here is stored in the
   * order of asking, notes and commits alike.
   */
  readonly access: 'exclusive' | 'shared'
  read(bucket: string, key: string): Promise<string | undefined>
  write(bucket: string, key: string, value: string, options?: { readonly expiresAt?: number }): Promise<void>
  /** Write unless there is one already. @returns whether it was written. */
  insert(
    bucket: string,
    key: string,
    value: string,
    options?: { readonly expiresAt?: number },
  ): Promise<boolean>
  /** Write if what is there is exactly this text. Of many who replace the same one succeeds. @returns whether it was written. */
  replace(
    bucket: string,
    key: string,
    before: string,
    value: string,
    options?: { readonly expiresAt?: number },
  ): Promise<boolean>
  remove(bucket: string, key: string): Promise<void>
  list(bucket: string): Promise<readonly Note[]>
  /** Notes of all buckets, in the order of their buckets and keys (byte order): so many after a place. */
  all(page: {
    readonly after?: Pick<FiledNote, 'bucket' | 'key'>
    readonly limit: number
  }): Promise<readonly FiledNote[]>
  /** Forget what has expired. */
  sweep(): Promise<void>
}
