import { createAuthorizer } from '@bailiwick/client'
import { defineModel } from '@bailiwick/core'
import { param, requirePermission, session } from '@bailiwick/express'
import { testEngine } from '@bailiwick/testing'
const model = defineModel({
  resourceTypes: { workspace: { parents: ['organization'] }, project: { parents: ['workspace'] } },
  permissions: { 'project:view': 'project', 'project:list': 'organization' },
  roles: { member: { on: 'organization', permissions: ['project:list'] }, 'workspace-viewer': { on: 'workspace', permissions: ['project:view'] } },
})
const { engine, issuer, tokenFor } = await testEngine({ model, organizations: { acme: { resources: { 'workspace:eng': { 'project:web': {} } }, people: { ada: { roles: ['member'], on: { 'workspace:eng': 'workspace-viewer' } } } } } })
const authz = createAuthorizer({ engine, session: issuer.sessionOptions })
const token = await tokenFor('ada', { expiresInSec: 36000, claims: { pad: 'x'.repeat(300) } })
const bytes = Buffer.from(`Bearer ${token}`)
console.log('token', token.length)
const s = session(authz), listing = requirePermission('project:list'), one = requirePermission('project:view', { resource: param('id') })
const run = (params, guard) => new Promise((resolve, reject) => {
  const headers = {}
  const req = { rawHeaders: ['authorization', bytes.latin1Slice()], headers: {}, params, method: 'GET', route: { path: '/projects/:id' }, body: undefined, query: {} }
  const res = { getHeader: (n) => headers[n], setHeader: (n, v) => { headers[n] = v }, hasHeader: (n) => n in headers }
  s(req, res, (e) => e ? reject(e) : guard(req, res, (e) => e ? reject(e) : resolve()))
})
const time = async (name, f) => {
  for (let i = 0; i < 20000; i++) await f()
  let best = Infinity
  for (let r = 0; r < 7; r++) { const c = process.cpuUsage(); for (let i = 0; i < 20000; i++) await f(); const d = process.cpuUsage(c); best = Math.min(best, (d.user + d.system) / 20000) }
  console.log(name.padEnd(20), best.toFixed(2), 'us cpu')
}
await time('token list', () => run({}, listing))
await time('engine one', () => run({ id: 'web' }, one))
await time('authenticate', () => authz.authenticate(bytes.latin1Slice(7)))
const se = await authz.authenticate(token)
await time('check engine', () => authz.check(se, 'project:view', { type: 'project', externalId: 'web' }))
await time('check token', () => authz.check(se, 'project:list'))
await time('nothing', () => new Promise((r) => r()))
