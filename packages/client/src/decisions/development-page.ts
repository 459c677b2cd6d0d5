import type { Authorizer } from '../authorizer.js'
import { type GuardedRoute, shownDemands } from '../guard/route-table.js'
import { type RecentDecision, RecentDecisions } from './recent-decisions.js'

/** A request for the page, as any framework has it. */
export interface PageRequest {
  /** Of the connection, not of a header. */
  readonly remoteAddress: string | undefined
  readonly host: string | undefined
  readonly accept: string | undefined
}

export interface PageAnswer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

/** The page of an application: its routes and what they demand, its last hundred decisions, and why. */
export interface DevelopmentPage {
  /** @returns `undefined` for whoever is not at this machine: there is no such page for them. */
  answer(request: PageRequest): PageAnswer | undefined
}

/**
 * Make the page, for a developer at this machine only. It tells who may do what.
 *
 * @returns `undefined` where `NODE_ENV` is `production`: nothing is recorded, and nothing is shown.
 */
export function developmentPage(
  authorizer: Authorizer,
  routes: () => readonly GuardedRoute[],
): DevelopmentPage | undefined {
  if (process.env.NODE_ENV === 'production') return undefined
  const recent = new RecentDecisions(authorizer)
  return {
    answer: ({ remoteAddress, host, accept }) => {
      // A page elsewhere may lead its own name to this machine: only our own names are answered.
      if (!loopback.has(remoteAddress ?? '') || !localHost.test(host ?? '')) return undefined
      const answer = accept?.includes('application/json') ? json : html
      return answer(routes(), recent.all)
    },
  }
}

const loopback: ReadonlySet<string> = new Set(['127.0.0.1', '::1', '::ffff:127.0.0.1'])
const localHost = /^(localhost|127\.0\.0\.1|\[::1\])(:\d+)?$/

const headers = {
  'cache-control': 'no-store',
  'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'",
  'x-content-type-options': 'nosniff',
}

function json(routes: readonly GuardedRoute[], recent: readonly RecentDecision[]): PageAnswer {
  const body = {
    routes: routes.map((route) => ({ method: route.method, path: route.path, demands: shownDemands(route) })),
    decisions: recent.map((decision) => ({ ...summaryOf(decision), sentences: decision.sentences })),
  }
  return {
    status: 200,
    headers: { ...headers, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  }
}

interface Summary {
  readonly id: string
  readonly at: string
  readonly who: string
  readonly permission: string
  readonly on: string
  readonly outcome: 'allow' | 'deny' | 'undecided'
  readonly by: string
}

function summaryOf({ record }: RecentDecision): Summary {
  const { id, at, session, permission, target, outcome } = record
  const on =
    target === undefined
      ? (session.organizationId ?? 'no organization')
      : 'resourceId' in target
        ? target.resourceId
        : `${target.type} ${target.externalId}`
  return {
    id,
    at,
    who: [...session.actors, session.userId].join(' for '),
    permission,
    on,
    outcome: outcome.kind === 'decided' ? outcome.decision.kind : 'undecided',
    by: outcome.kind === 'decided' ? outcome.by : outcome.code,
  }
}

function html(routes: readonly GuardedRoute[], recent: readonly RecentDecision[]): PageAnswer {
  const routeRows = routes.map(
    (route) =>
      `<tr${route.requirements.length === 0 ? ' class="deny"' : ''}><td>${text(route.method)}<td>${text(route.path)}<td>${text(shownDemands(route))}`,
  )
  const body = `<!doctype html><html lang="en"><meta charset="utf-8"><title>Authorization</title><style>${style}</style>
<h1>Authorization</h1>
<h2>Routes</h2>
<table><tr><th>Method<th>Path<th>Demands
${routeRows.join('\n')}</table>
<h2>Last decisions</h2>
${recent.length === 0 ? '<p>None yet.</p>' : recent.map(decisionItem).join('\n')}
</html>`
  return { status: 200, headers: { ...headers, 'content-type': 'text/html; charset=utf-8' }, body }
}

function decisionItem(decision: RecentDecision): string {
  const { at, who, permission, on, outcome, by, id } = summaryOf(decision)
  const sentences = decision.sentences.map((sentence) => `<li>${text(sentence)}`).join('')
  return `<details><summary><b class="${outcome}">${outcome}</b> ${text(who)}: ${text(permission)} on ${text(on)} <small>${text(by)}, ${text(at)}</small></summary><ul>${sentences}</ul><small>${text(id)}</small></details>`
}

const style =
  'body{font:15px/1.5 system-ui,sans-serif;margin:2em auto;max-width:70em;padding:0 1em}' +
  'table{border-collapse:collapse}td,th{text-align:left;padding:.1em 1.5em .1em 0;vertical-align:top}' +
  'td,summary,li{font-family:ui-monospace,monospace;font-size:13px}.allow{color:#176b2c}' +
  '.deny,.undecided{color:#a4161a}small{color:#666}details{padding:.15em 0}'

function text(raw: string): string {
  return raw.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`)
}
