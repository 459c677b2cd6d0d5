import { createAuthorizer } from '@bailiwick/client'
import { defineModel } from '@bailiwick/core'
import { param, requirePermission, session } from '@bailiwick/express'
import { testEngine } from '@bailiwick/testing'
import express, { type Request } from 'express'

const model = defineModel({
  resourceTypes: { project: { parents: ['organization'] } },
  permissions: { 'project:view': 'project', 'project:list': 'organization' },
  roles: {
    member: { on: 'organization', permissions: ['project:list'] },
    viewer: { on: 'project', permissions: ['project:view'] },
  },
})

const rounds = 20_000

/** What one request makes for the collector, in bytes, by the middleware of Express alone. For a process of its own. */
async function main(): Promise<void> {
  const { engine, issuer, tokenFor } = await testEngine({
    model,
    organizations: {
      acme: {
        resources: { 'project:web': {} },
        people: { ada: { roles: ['member'], on: { 'project:web': 'viewer' } } },
      },
    },
  })
  const reading = session(createAuthorizer({ engine, session: issuer.sessionOptions }))
  const rawHeaders = ['authorization', `Bearer ${await tokenFor('ada')}`]
  const made: Record<string, number> = {}
  for (const [name, guard, params] of [
    ['decided by the token', requirePermission('project:list'), {}],
    ['decided by the engine', requirePermission('project:view', { resource: param('id') }), { id: 'web' }],
  ] as const) {
    // As Express makes it: with a prototype that it is given when it has arrived.
    const requestOf = (params: object): Request =>
      Object.setPrototypeOf(
        { rawHeaders: [...rawHeaders], params, method: 'GET' },
        express.request,
      ) as Request
    const requests = () =>
      Array.from({ length: rounds }, () => ({
        request: requestOf(params),
        response: { getHeader: () => undefined, setHeader: () => {}, hasHeader: () => true } as never,
      }))
    let refusal: unknown
    const refuse = (error: unknown) => {
      refusal ??= error
    }
    const pass = (all: ReturnType<typeof requests>) => {
      for (const { request, response } of all)
        reading(request, response, () => guard(request, response, refuse))
    }
    // The first time the token is verified, and waited for; then code is compiled.
    pass(requests())
    await new Promise((resolve) => setTimeout(resolve, 500))
    for (let each = 0; each < 5; each++) pass(requests())
    const last = requests()
    globalThis.gc?.()
    const before = process.memoryUsage().heapUsed
    pass(last)
    made[name] = (process.memoryUsage().heapUsed - before) / rounds
    if (refusal !== undefined) throw refusal
  }
  process.send?.(made)
}

await main()
