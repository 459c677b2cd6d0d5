import type { JsonWebKeySet, SessionOptions, SessionTuning } from '@bailiwick/client'
import { renderJwtTemplate } from '@bailiwick/core'
import { serveJson } from './listen.js'
import { createSigningKey, type SigningAlgorithm, type SigningKey } from './signing-key.js'
import { claimsOf, type TokenRequest } from './token-request.js'

export interface IssuerOptions {
  /** Default `ES256`, whose keys are made in a millisecond; `RS256` is what WorkOS, Auth0 and Clerk use. */
  readonly algorithm?: SigningAlgorithm
  /** The JWT template of the identity provider. Default: the claim `organization_membership_id`. */
  readonly template?: string
  /** `iss`. Default `https://issuer.test/`. */
  readonly issuer?: string
  /** `aud`, and the client id in the address of the keys. Default `client_test`. */
  readonly audience?: string
  /** The time as Unix milliseconds; `sessionOptions` passes it on. Default `Date.now`. */
  readonly clock?: () => number
}

/** An issuer that answers on a port of this machine. */
export interface ListeningIssuer {
  /** `http://127.0.0.1:<port>` */
  readonly url: string
  /** Where the keys are: `/sso/jwks/<audience>`, and `/.well-known/jwks.json` as well. */
  readonly jwksUrl: string
  /** For `createAuthorizer`: keys by URL, so that they can rotate. */
  readonly sessionOptions: SessionOptions
  close(): Promise<void>
}

/** An issuer of session tokens with real keys, in this process. */
export interface Issuer {
  readonly issuer: string
  readonly audience: string
  /** The public keys as they are now. */
  readonly jwks: JsonWebKeySet
  /** For `createAuthorizer`: nothing is fetched, and the keys are those of this moment. */
  readonly sessionOptions: SessionOptions

  /** Issue a token. @throws {JwtTemplateInvalid} when the template cannot be rendered for this person. */
  token(request: TokenRequest): Promise<string>

  /**
   * Sign claims, or any text in their place, exactly as given: for the tokens that an application must refuse.
   *
   * @param header - Laid over `alg`, `kid` and `typ`; or the whole header as text.
   */
  sign(payload: object | string, header?: object | string): Promise<string>

  /** Sign with a new key from now on. The old ones stay published, unless `overlap` is false. */
  rotateKeys(options?: { readonly overlap?: boolean }): Promise<void>

  /** Publish the keys over HTTP. @param options.port - Default 0, a free one. */
  listen(options?: { readonly port?: number }): Promise<ListeningIssuer>
}

const membershipTemplate = '{ "organization_membership_id": {{ organization_membership.id }} }'

/**
 * Make an issuer for tests and for local development.
 *
 * @throws {JwtTemplateInvalid} when the template is not one that an identity provider would take.
 *
 * @example
 * const issuer = await createIssuer()
 * const authz = createAuthorizer({ engine, session: issuer.sessionOptions })
 * const token = await issuer.token({ user: 'user_ada', organization: 'org_acme', permissions: ['project:view'] })
 */
export async function createIssuer(options: IssuerOptions = {}): Promise<Issuer> {
  const { algorithm = 'ES256', clock = Date.now, template = membershipTemplate } = options
  const { issuer = 'https://issuer.test/', audience = 'client_test' } = options
  renderJwtTemplate(template, {})
  let keys: readonly [SigningKey, ...SigningKey[]] = [await createSigningKey(algorithm)]

  const tuning: SessionTuning = options.clock === undefined ? {} : { clock: options.clock }
  const publish = (): JsonWebKeySet => ({ keys: keys.map((key) => key.publicJwk) })
  const sign: Issuer['sign'] = (payload, header = {}) => signCompact(keys[0], payload, header)

  return {
    issuer,
    audience,
    sign,
    get jwks() {
      return publish()
    },
    get sessionOptions() {
      return { ...tuning, issuer, audience, keys: publish() }
    },
    token: async (request) =>
      sign(claimsOf(request, { issuer, audience, template, nowSec: Math.floor(clock() / 1_000) })),
    rotateKeys: async ({ overlap = true } = {}) => {
      const next = await createSigningKey(algorithm)
      keys = overlap ? [next, ...keys] : [next]
    },
    listen: async ({ port = 0 } = {}) => {
      const path = `/sso/jwks/${encodeURIComponent(audience)}`
      const { url, close } = await serveJson([path, '/.well-known/jwks.json'], publish, port)
      const jwksUrl = `${url}${path}`
      return { url, jwksUrl, sessionOptions: { ...tuning, issuer, audience, jwksUrl }, close }
    },
  }
}

async function signCompact(
  key: SigningKey,
  payload: object | string,
  header: object | string,
): Promise<string> {
  const named = { alg: key.algorithm, kid: key.publicJwk.kid, typ: 'JWT' }
  const input = `${encoded(typeof header === 'string' ? header : { ...named, ...header })}.${encoded(payload)}`
  return `${input}.${(await key.sign(input)).toString('base64url')}`
}

function encoded(part: object | string): string {
  return Buffer.from(typeof part === 'string' ? part : JSON.stringify(part)).toString('base64url')
}
