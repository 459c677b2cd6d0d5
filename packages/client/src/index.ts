export {
  type AuthorizeOptions,
  Authorizer,
  type AuthorizerOptions,
  createAuthorizer,
  type DecidedBy,
  decidedBy,
  type SessionExplanation,
  type Target,
} from './authorizer.js'
export type { Algorithm } from './session/algorithms.js'
export type { ClaimNames, ClaimReader, RawClaims } from './session/claim-names.js'
export { createSessionVerifier } from './session/create-session-verifier.js'
export { type Auth0Options, auth0 } from './session/presets/auth0.js'
export { type ClerkOptions, clerk } from './session/presets/clerk.js'
export { type OidcOptions, oidc } from './session/presets/oidc.js'
export { type WorkosOptions, workos } from './session/presets/workos.js'
export type { JsonWebKeySet, JwksTimings, SessionOptions, SessionTuning } from './session/session-options.js'
export type { SessionVerifier } from './session/session-verifier.js'
