import type { HttpMethod, KeyScope } from '@bailiwick/wire'
import type { ErrorRenderer } from './route.js'

/** A method of a path, and how one comes in there. */
export interface Entrance {
  readonly method: HttpMethod
  /** With parameters in braces: `/authorization/resources/{resource_id}`. */
  readonly path: string
  /** What a key must be allowed; `public` needs none. */
  readonly scope: KeyScope | 'public'
  /**
   * A `request` is turned away while there is too much to do, counted and logged. A `probe` comes every few seconds,
   * whatever else there is to do; a `stream` lasts as long as it likes, so that a figure of how long says nothing.
   */
  readonly kind: 'request' | 'probe' | 'stream'
  /** Where errors have another form than everywhere else. */
  readonly renderError?: ErrorRenderer | undefined
}
