import { SessionInvalid } from '@bailiwick/core'

/** Not a compact JWS with claims of the right shape. Messages name the rule, and never repeat the token. */
export function malformed(message: string, options?: { readonly cause?: unknown }): SessionInvalid {
  return new SessionInvalid('session_malformed', message, options)
}

/** Well formed, but signed, issued or meant in a way that we do not trust. */
export function untrusted(message: string, options?: { readonly cause?: unknown }): SessionInvalid {
  return new SessionInvalid('session_untrusted', message, options)
}

/** Outside the time in which the token is good. */
export function expired(message: string): SessionInvalid {
  return new SessionInvalid('session_expired', message)
}

/** Used by somebody else than its user, in a way that this application does not accept. */
export function agentRefused(
  message = 'the token is used by an agent or an impersonator (`act`), which this application does not accept',
): SessionInvalid {
  return new SessionInvalid('session_agent_refused', message)
}
