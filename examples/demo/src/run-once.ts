import type { DecidedBy } from '@bailiwick/client'
import type { Decision } from '@bailiwick/core'
import { type ExpectedRequest, expectedRequests, routes } from '@bailiwick-examples/product'
import type { Demo } from './start-demo.js'

/**
 * Send the sample requests to both APIs over HTTP, and print a line for each.
 *
 * @returns What came out other than expected, a sentence each.
 */
export async function runOnce(demo: Demo, print: (line: string) => void): Promise<readonly string[]> {
  const unexpected: string[] = []
  print(row('api', 'who', 'request', 'status', 'decided by', 'why'))
  for (const [api, url] of Object.entries(demo.apis)) {
    for (const expected of expectedRequests) {
      const token = expected.who === 'nobody' ? undefined : demo.tokens.get(expected.who)
      const response = await send(url, expected, token)
      const reason = await explain(demo, expected, token, response.status)
      const request = `${routes[expected.route].method} ${pathOf(expected)}`
      print(row(api, expected.who, request, String(response.status), reason.decidedBy ?? '-', reason.why))
      for (const difference of differences(expected, response, reason)) {
        unexpected.push(`${api}: ${expected.who} ${request}: ${difference}`)
      }
    }
  }
  return unexpected
}

interface Response {
  readonly status: number
  readonly body: Readonly<Record<string, unknown>>
}

async function send(url: string, expected: ExpectedRequest, token: string | undefined): Promise<Response> {
  const response = await fetch(`${url}${pathOf(expected)}`, {
    method: routes[expected.route].method,
    headers: {
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      ...(expected.body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(expected.body === undefined ? {} : { body: JSON.stringify(expected.body) }),
    signal: AbortSignal.timeout(10_000),
  })
  return { status: response.status, body: (await response.json()) as Response['body'] }
}

function pathOf({ route, id = '' }: ExpectedRequest): string {
  return routes[route].path.replace(':id', id)
}

interface Reason {
  readonly decidedBy?: DecidedBy
  readonly why: string
}

/** Ask the authorizer the question of the route, as the guard has asked it. */
async function explain(
  demo: Demo,
  { route, id }: ExpectedRequest,
  token: string | undefined,
  status: number,
): Promise<Reason> {
  const { demands, on, tenantScoped = false } = routes[route]
  if (demands === 'nothing') return { why: 'open to anybody' }
  if (token === undefined) return { why: 'no token' }
  const session = await demo.authz.authenticate(token)
  if (demands === 'a session') return { why: 'any session will do' }
  const target = on && id !== undefined ? { type: on, externalId: id } : undefined
  const { decision, sentences, decidedBy } = await demo.authz.explain(session, demands, target, {
    tenantScoped,
  })
  // The engine's first sentence repeats an allow; its second says from where it comes.
  const why = decision.kind === 'allow' && decidedBy === 'engine' ? sentences[1] : sentences[0]
  return { decidedBy, why: `${why}${behind404(status, decision)}` }
}

/** A 404 has two reasons that the client cannot tell apart, and the reader of these lines shall. */
function behind404(status: number, { kind }: Decision): string {
  if (status !== 404) return ''
  return kind === 'allow' ? ', but the handler finds no such thing' : ' (concealed)'
}

function differences(
  expected: ExpectedRequest,
  { status, body }: Response,
  { decidedBy }: Reason,
): readonly string[] {
  const said = Object.entries(expected.says ?? {}).filter(([field, value]) => body[field] !== value)
  return [
    ...(status === expected.status ? [] : [`expected ${expected.status}, got ${status}`]),
    ...(decidedBy === expected.decidedBy
      ? []
      : [
          `expected the ${expected.decidedBy ?? 'guard alone'} to decide, not the ${decidedBy ?? 'guard alone'}`,
        ]),
    ...said.map(([field, value]) => `expected \`${field}\` to be \`${value}\`, got \`${body[field]}\``),
  ]
}

function row(api: string, who: string, request: string, status: string, by: string, why: string): string {
  return [api.padEnd(7), who.padEnd(6), request.padEnd(38), status.padEnd(6), by.padEnd(10), why].join('  ')
}
