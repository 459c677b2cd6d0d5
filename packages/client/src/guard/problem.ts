import {
  type AccessDenied,
  type AuthorizationError,
  assertNever,
  isAuthorizationError,
  type KeysUnavailable,
  type ResourceRef,
  type StepUpRequired,
} from '@bailiwick/core'
import { stepUpChallenge } from './step-up.js'

/** The body of a refusal. @see RFC 9457 */
export interface ProblemBody {
  /** `urn:bailiwick:problem:<code>`. */
  readonly type: string
  readonly title: string
  readonly status: number
  readonly detail: string
  /** Stable and documented (docs/errors.md). */
  readonly code: string
  /** Of a denial: the permission that is required. */
  readonly permission?: string
  /** Of a denial: the resource that it is required on. Absent when it is the whole organization. */
  readonly resource?: { readonly type: string; readonly externalId: string } | { readonly id: string }
  /** Of a denial: which one, for whoever hears of decisions (`Authorizer.onDecision`). Absent while nobody does. */
  readonly decisionId?: string
  /** Of a denial, in development only: why, and what would grant it. */
  readonly explain?: readonly string[]
}

/** A refusal as HTTP says it. */
export interface Problem {
  readonly status: number
  /** Lower-case names, `content-type` included. */
  readonly headers: Readonly<Record<string, string>>
  readonly body: ProblemBody
}

/** What a refusal may tell. */
export interface ProblemOptions {
  /**
   * Put into a denial's body why it was denied and what would grant it. The body then names roles and resources,
   * so it is never done when `NODE_ENV` is `production`. Default `false`.
   */
  readonly explain?: boolean
  /** Where explanations are told beside, a few lines each. Default `console.info`; in Nest, its logger. */
  readonly log?: (lines: string) => void
  /**
   * Challenge for more scope (`WWW-Authenticate: Bearer error="insufficient_scope"`) when an organization-wide
   * permission is missing. Only for clients that can get a token with more in it: others would ask again for
   * ever. Default `false`.
   */
  readonly insufficientScope?: boolean
}

/**
 * Say an error as an HTTP refusal.
 *
 * @param explanation - Sentences for a denial's body; the caller decides whether they may be told.
 * @returns `undefined` for an error that is not ours, and for one that only the developer can mend: the
 *   framework reports those as it reports any bug, and tells the client nothing.
 */
export function problemOf(
  error: unknown,
  options: ProblemOptions = {},
  explanation?: readonly string[],
): Problem | undefined {
  if (!isAuthorizationError(error)) return undefined
  switch (error.kind) {
    case 'unauthenticated':
      return problem(401, error.code, error.message, { 'www-authenticate': challengeOf(error) })
    case 'denied':
      return denial(error as AccessDenied, options, explanation)
    case 'not_found':
      return problem(404, error.code, error.message)
    case 'invalid':
      return problem(400, error.code, error.message)
    case 'conflict':
      return problem(409, error.code, error.message)
    case 'unavailable':
      return problem(503, error.code, 'this cannot be decided now; try again', {
        'retry-after': retryAfterOf(error),
      })
    case 'misconfigured':
      return undefined
    default:
      return assertNever(error.kind)
  }
}

const titles: Readonly<Record<number, string>> = {
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  409: 'Conflict',
  503: 'Service Unavailable',
}

function problem(
  status: number,
  code: string,
  detail: string,
  headers: Readonly<Record<string, string>> = {},
  more: Partial<ProblemBody> = {},
): Problem {
  return {
    status,
    // A refusal kept by a cache would outlive the grant that mends it.
    headers: { 'content-type': 'application/problem+json', 'cache-control': 'no-store', ...headers },
    body: {
      type: `urn:bailiwick:problem:${code}`,
      title: titles[status] as string,
      status,
      detail,
      code,
      ...more,
    },
  }
}

// The reason of the decision stays out of the body: `resource unknown` beside `no grant` would tell what exists.
function denial(
  { code, permission, resource, decisionId }: AccessDenied,
  options: ProblemOptions,
  explanation: readonly string[] | undefined,
): Problem {
  const on = resource && shownResource(resource)
  const place =
    on === undefined ? 'the organization' : 'id' in on ? `\`${on.id}\`` : `${on.type} \`${on.externalId}\``
  // A new token cannot help against a denial on one resource, and a client that steps up would loop.
  const challenge: Record<string, string> =
    options.insufficientScope && resource === undefined
      ? { 'www-authenticate': `Bearer error="insufficient_scope", scope="${permission}"` }
      : {}
  return problem(403, code, `this needs \`${permission}\` on ${place}`, challenge, {
    permission,
    ...(on && { resource: on }),
    ...(decisionId !== undefined && { decisionId }),
    ...(explanation && { explain: explanation }),
  })
}

function shownResource(resource: ResourceRef): NonNullable<ProblemBody['resource']> {
  return 'resourceId' in resource
    ? { id: resource.resourceId }
    : { type: resource.type, externalId: resource.externalId }
}

/** RFC 6750 section 3: no error code when the request says nothing about a session at all. */
function challengeOf(error: AuthorizationError): string {
  const { code, message } = error
  const { stepUp } = error as Partial<StepUpRequired>
  if (stepUp !== undefined) return stepUpChallenge(stepUp, message)
  if (code === 'session_missing') return 'Bearer'
  return `Bearer error="${code === 'session_ambiguous' ? 'invalid_request' : 'invalid_token'}"`
}

function retryAfterOf(error: AuthorizationError): string {
  const { retryAfterSec } = error as Partial<KeysUnavailable>
  return String(Math.max(1, Math.ceil(retryAfterSec ?? 1)))
}
