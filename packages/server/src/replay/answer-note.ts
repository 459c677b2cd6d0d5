/** An answer as it went out. */
export interface SentAnswer {
  readonly status: number
  /** JSON, or `null` where there is no body. */
  readonly body: string | null
  /** The consistency token of the write. */
  readonly token: string | null
  /** Further headers. */
  readonly headers: Readonly<Record<string, string>>
}

/** What is kept of a request: that somebody has begun with it, and later its answer. */
export type AnswerNote =
  | {
      readonly kind: 'claimed'
      readonly print: string
      /** Milliseconds since 1970: until then it may still be answered. */
      readonly until: number
    }
  | { readonly kind: 'answered'; readonly print: string; readonly answer: SentAnswer }

/** A note as text. */
export function renderNote(note: AnswerNote): string {
  const { print } = note
  return JSON.stringify(note.kind === 'claimed' ? { print, until: note.until } : { print, ...note.answer })
}

/** The note that a text stands for. */
export function parseNote(text: string): AnswerNote {
  const kept = JSON.parse(text) as { readonly print: string } & (SentAnswer | { readonly until: number })
  const { print } = kept
  if ('until' in kept) return { kind: 'claimed', print, until: kept.until }
  const { status, body, token, headers } = kept
  return { kind: 'answered', print, answer: { status, body, token, headers } }
}
