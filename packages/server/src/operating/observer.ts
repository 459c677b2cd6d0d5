/** What is known of a request once it is answered. No header, body, query or token of it. */
export interface AnsweredRequest {
  readonly requestId: string
  readonly method: string
  /** The pattern of the route: `/authorization/resources/{resource_id}`; `null` where none took the request. */
  readonly route: string | null
  readonly status: number
  readonly ms: number
  readonly keyId: string | undefined
}

/** Hears of every answered request. */
export type Observer = (request: AnsweredRequest) => void
