export { type JwtTemplateContext, JwtTemplateInvalid, renderJwtTemplate } from '@bailiwick/core'
export type {
  Fixtures,
  GroupFixture,
  HolderFixture,
  ListedResource,
  OrganizationFixture,
  OrganizationRoleFixture,
  PersonFixture,
  Place,
  ResourceTree,
} from './engine/fixtures.js'
export {
  type InOrganization,
  type TestEngine,
  type TokenForOptions,
  testEngine,
} from './engine/test-engine.js'
export {
  createIssuer,
  type Issuer,
  type IssuerOptions,
  type ListeningIssuer,
} from './issuer/create-issuer.js'
export type { SigningAlgorithm } from './issuer/signing-key.js'
export type { TokenRequest } from './issuer/token-request.js'
export { type AuthorizationMatchers, authorizationMatchers } from './matchers/matchers.js'
export {
  formatCoverage,
  type PermissionCoverage,
  readCoverage,
  recordCoverage,
} from './permission-coverage/coverage.js'
