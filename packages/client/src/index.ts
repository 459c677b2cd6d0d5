export type { AgentOptions } from './agents.js'
export { Authorizer, createAuthorizer } from './authorizer.js'
export {
  type AuthorizeOptions,
  type AuthorizerOptions,
  type DecidedBy,
  decidedBy,
  type SessionExplanation,
} from './authorizer-options.js'
export type { CacheOptions } from './cache/cache-options.js'
export type { DecisionListener, DecisionRecord } from './decisions/decision-record.js'
export {
  type DevelopmentPage,
  developmentPage,
  type PageAnswer,
  type PageRequest,
} from './decisions/development-page.js'
export type { EnforcedPermission } from './decisions/enforced-permission.js'
export { enforce } from './guard/enforce.js'
export { explainDenial } from './guard/explain-denial.js'
export {
  arg,
  body,
  type FieldLocator,
  header,
  type Locator,
  type LocatorFunction,
  type LocatorOptions,
  type LocatorSource,
  param,
  parent,
  query,
} from './guard/locator.js'
export { pathParameters } from './guard/path-parameters.js'
export type {
  ArgumentsOf,
  OptionsOf,
  PermissionArguments,
  PermissionFlags,
  PermissionOptions,
  Placement,
} from './guard/permission-options.js'
export { type PlacedGuards, placeGuards, type StandingGuard } from './guard/place-guards.js'
export {
  checkAgainstModel,
  checkLocatorsFit,
  type LocatorsByType,
  placeOperation,
  placeRequirement,
  type Route,
} from './guard/place-requirement.js'
export { Placements, type RequestedRoute } from './guard/placements.js'
export { type Problem, type ProblemBody, type ProblemOptions, problemOf } from './guard/problem.js'
export { authorizeAtOnce, authorizeRequest, RequestAuthorization } from './guard/request-authorization.js'
export { arrivedHeaders, type RequestView, separateHeaders, type WithHeaders } from './guard/request-view.js'
export {
  type AllRequirement,
  type AnyRequirement,
  all,
  any,
  authenticated,
  type MeantTerms,
  type PermissionRequirement,
  type PermissionTerm,
  permission,
  permissionsOf,
  type Requirement,
  requirementOf,
  shownRequirement,
  type WrittenTerm,
  type WrittenTerms,
} from './guard/requirement.js'
export { formatRoutes, type GuardedRoute, type Unguarded } from './guard/route-table.js'
export { type SealedSessionOptions, type SealedSessions, sealedSession } from './guard/sealed-session.js'
export { type TokenOptions, tokenOf } from './guard/session-token.js'
export { privateResponse, varyBySession } from './guard/vary.js'
export { type Capabilities, capabilitiesOf, type RemoteEngine } from './remote/capabilities.js'
export { remoteEngine } from './remote/remote-engine.js'
export type { RemoteApi, RemoteOptions } from './remote/remote-options.js'
export { readServiceUrl, type ServiceUrl } from './remote/service-url.js'
export { type FollowOptions, followRevocations } from './revocations/follow-revocations.js'
export { Revocations, type RevocationsOptions, type RevokedSessions } from './revocations/revocations.js'
export { asInteger, asUuid, type IdColumn, type ScopeColumns } from './scope/columns.js'
export type { Algorithm } from './session/algorithms.js'
export type { ClaimNames, ClaimReader, RawClaims } from './session/claim-names.js'
export { createSessionVerifier } from './session/create-session-verifier.js'
export { type Auth0Options, auth0 } from './session/presets/auth0.js'
export { type ClerkOptions, clerk } from './session/presets/clerk.js'
export { type OidcOptions, oidc } from './session/presets/oidc.js'
export { type WorkosOptions, workos } from './session/presets/workos.js'
export type { JsonWebKeySet, JwksTimings, SessionOptions, SessionTuning } from './session/session-options.js'
export type { SessionVerifier } from './session/session-verifier.js'
export type { Target } from './target.js'
