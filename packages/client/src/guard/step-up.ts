import { Misconfigured, type Session, type StepUp, StepUpRequired } from '@bailiwick/core'

/** @throws {Misconfigured} for a demand that demands nothing, or cannot be met. */
export function checkStepUp({ maxAgeSec, acr }: StepUp): void {
  if (maxAgeSec === undefined && acr === undefined) {
    throw new Misconfigured('`stepUp` says nothing: give `maxAgeSec`, `acr` or both')
  }
  if (maxAgeSec !== undefined && !(Number.isInteger(maxAgeSec) && maxAgeSec >= 1)) {
    throw new Misconfigured('`stepUp.maxAgeSec` must be a whole number of seconds, at least 1')
  }
  // They are named in a header: what is no plain word there would say something else.
  if (
    acr !== undefined &&
    (acr.length === 0 || !acr.every((value) => /^[\x21\x23-\x5b\x5d-\x7e]+$/.test(value)))
  ) {
    throw new Misconfigured('`stepUp.acr` must be values without spaces or quotes, at least one')
  }
}

/**
 * Hold a session against how its user must have signed in. A token that does not say is one that does not do.
 *
 * @param nowMs - Unix milliseconds.
 * @throws {StepUpRequired} with what to ask the identity provider for.
 * @see RFC 9470
 */
export function requireStepUp({ claims }: Session, stepUp: StepUp, nowMs: number): void {
  const { maxAgeSec, acr } = stepUp
  const { auth_time: signedInAt } = claims
  if (
    maxAgeSec !== undefined &&
    !(Number.isSafeInteger(signedInAt) && nowMs / 1_000 - (signedInAt as number) <= maxAgeSec)
  ) {
    throw new StepUpRequired(`this needs a sign-in of the last ${maxAgeSec} seconds`, stepUp)
  }
  if (acr !== undefined && !acr.includes(claims.acr as string)) {
    throw new StepUpRequired(`this needs a sign-in of the kind ${acr.join(' or ')}`, stepUp)
  }
}

/** The challenge of a refusal, for `WWW-Authenticate`. */
export function stepUpChallenge({ maxAgeSec, acr }: StepUp, description: string): string {
  return [
    'Bearer error="insufficient_user_authentication"',
    `error_description="${description}"`,
    ...(acr === undefined ? [] : [`acr_values="${acr.join(' ')}"`]),
    ...(maxAgeSec === undefined ? [] : [`max_age="${maxAgeSec}"`]),
  ].join(', ')
}
