import type { PersonKey } from './people.js'
import type { RouteKey } from './routes.js'

/** One request, and what must come of it, whichever API answers. */
export interface ExpectedRequest {
  /** `nobody` sends no token. */
  readonly who: PersonKey | 'nobody'
  readonly route: RouteKey
  readonly id?: string
  readonly body?: unknown
  readonly status: number
  /** Which layer answers; absent where no permission is asked. */
  readonly decidedBy?: 'token' | 'engine'
  /** What the body must say, at least. */
  readonly says?: Readonly<Record<string, unknown>>
}

const renamed = { name: 'Relaunch' }

/** Each allow stands beside a deny that differs by one fact. */
export const expectedRequests: readonly ExpectedRequest[] = [
  { who: 'nobody', route: 'health', status: 200 },
  { who: 'nobody', route: 'me', status: 401 },
  { who: 'noor', route: 'me', status: 200, says: { userId: 'user_noor', mayManageBilling: false } },
  { who: 'ada', route: 'me', status: 200, says: { userId: 'user_ada', mayManageBilling: true } },

  // A role on the organization reaches everything in it, and nothing of another one.
  {
    who: 'ada',
    route: 'viewProject',
    id: 'web',
    status: 200,
    decidedBy: 'token',
    says: { organization: 'Acme' },
  },
  {
    who: 'gus',
    route: 'viewProject',
    id: 'web',
    status: 200,
    decidedBy: 'token',
    says: { organization: 'Globex' },
  },
  { who: 'gus', route: 'viewProject', id: 'reactor', status: 200, decidedBy: 'token' },
  // Globex has a `reactor`, Acme has none: the token says yes to Acme's, and the handler finds nothing there.
  { who: 'ada', route: 'viewProject', id: 'reactor', status: 404, decidedBy: 'token' },

  // A role on the workspace reaches the projects in it, a role on a project that one only.
  { who: 'wanda', route: 'viewProject', id: 'web', status: 200, decidedBy: 'engine' },
  { who: 'wanda', route: 'viewProject', id: 'campaign', status: 403, decidedBy: 'engine' },
  { who: 'pia', route: 'viewProject', id: 'web', status: 200, decidedBy: 'engine' },
  { who: 'pia', route: 'viewProject', id: 'campaign', status: 403, decidedBy: 'engine' },
  { who: 'noor', route: 'viewProject', id: 'web', status: 403, decidedBy: 'engine' },
  { who: 'nobody', route: 'viewProject', id: 'web', status: 401 },

  {
    who: 'pia',
    route: 'editProject',
    id: 'web',
    body: renamed,
    status: 200,
    decidedBy: 'engine',
    says: renamed,
  },
  { who: 'noor', route: 'editProject', id: 'web', body: renamed, status: 403, decidedBy: 'engine' },
  // Acme's rename has not touched the project of the same id at Globex.
  { who: 'gus', route: 'viewProject', id: 'web', status: 200, decidedBy: 'token', says: { name: 'Website' } },
  // This handler does not promise to look within the organization, so the engine must know the project first.
  { who: 'ada', route: 'editProject', id: 'campaign', body: renamed, status: 200, decidedBy: 'token' },
  { who: 'ada', route: 'editProject', id: 'reactor', body: renamed, status: 403, decidedBy: 'engine' },

  // Whoever may not see the secrets does not learn that there are any.
  { who: 'pia', route: 'projectSecrets', id: 'web', status: 200, decidedBy: 'engine' },
  { who: 'noor', route: 'projectSecrets', id: 'web', status: 404, decidedBy: 'engine' },
  { who: 'noor', route: 'projectSecrets', id: 'no-such-project', status: 404, decidedBy: 'engine' },

  // An app inherits from its project. `app:deploy` is fresh: the engine decides, whatever the token says.
  { who: 'pia', route: 'viewApp', id: 'storefront', status: 200, decidedBy: 'engine' },
  { who: 'pia', route: 'deployApp', id: 'storefront', status: 403, decidedBy: 'engine' },
  {
    who: 'wanda',
    route: 'deployApp',
    id: 'storefront',
    status: 201,
    decidedBy: 'engine',
    says: { deploys: 1 },
  },
  {
    who: 'ada',
    route: 'deployApp',
    id: 'storefront',
    status: 201,
    decidedBy: 'engine',
    says: { deploys: 2 },
  },

  // About the whole organization: a role on a workspace in it does not do.
  { who: 'ada', route: 'billing', status: 200, decidedBy: 'token' },
  { who: 'wanda', route: 'billing', status: 403, decidedBy: 'engine' },
]
