import type { AddressInfo } from 'node:net'
import { createAuthorizer, Revocations } from '@bailiwick/client'
import type { AssignmentId } from '@bailiwick/core'
import { memoryStore, openEngine } from '@bailiwick/engine'
import { param, problems, requirePermission, session } from '@bailiwick/express'
import { createIssuer } from '@bailiwick/testing'
import express from 'express'
import { expect, onTestFinished, test } from 'vitest'
import { model } from './product.js'

const acme = 'org_acme' as never
const start = 1_700_000_000_000

/** A route that edits a project of Acme, and Ada, who may edit `web` by a role of the engine. */
async function openRoute() {
  let nowMs = start
  const clock = () => nowMs
  const engine = await openEngine({ store: memoryStore({ access: 'exclusive' }), model })
  await engine.createOrganization({ id: acme, name: 'Acme' })
  const ada = { membershipId: 'om_ada' as never }
  await engine.createMembership({ organizationId: acme, userId: 'user_ada', id: ada.membershipId, roles: [] })
  await engine.createResource({ organizationId: acme, type: 'workspace', externalId: 'eng', name: 'Eng' })
  const parent = { type: 'workspace', externalId: 'eng' }
  for (const externalId of ['web', 'app'])
    await engine.createResource({ organizationId: acme, type: 'project', externalId, name: 'P', parent })
  const resource = { type: 'project', externalId: 'web' }
  const given = { organizationId: acme, subject: ada, role: 'project-editor', resource }
  const { value } = await engine.assignRole(given)

  const issuer = await createIssuer({ clock })
  const revocations = new Revocations({ clock })
  const authz = createAuthorizer({ engine, session: issuer.sessionOptions, revocations })
  const seen: unknown[] = []
  const app = express()
    .use(session(authz))
    .get('/projects/:id', requirePermission('project:edit', { resource: param('id') }), (req, res) => {
      const enforced = req.authz?.enforced as unknown as { resource?: { externalId?: string } }[]
      seen.push(structuredClone(enforced))
      // What a careless handler may try.
      try {
        enforced.push({})
        Object.assign(enforced[0] as object, { resource: { externalId: 'app' } })
      } catch {}
      res.end()
    })
    .use(problems())
  const server = app.listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  onTestFinished(async () => {
    server.closeAllConnections()
    server.close()
    await engine.close()
  })
  const { port } = server.address() as AddressInfo
  const token = (sessionId = 'session_1') =>
    issuer.token({ user: 'user_ada', organization: acme, membership: 'om_ada', sessionId })
  const ask = async (bearer: string, id = 'web') => {
    const headers = { authorization: `Bearer ${bearer}` }
    return (await fetch(`http://127.0.0.1:${port}/projects/${id}`, { headers })).status
  }
  const pass = (ms: number) => {
    nowMs += ms
  }
  return { engine, revocations, token, ask, pass, given, seen, assignment: value.id as AssignmentId }
}

test('a session that was let in is turned away by the request after its right, its login or its time is over', async () => {
  const { engine, revocations, token, ask, pass, given, assignment } = await openRoute()
  const [one, other] = [await token(), await token('session_2')]
  for (let round = 0; round < 3; round++) {
    expect(await ask(one)).toBe(200)
    expect(await ask(one, 'app')).toBe(403)
    expect(await ask(other)).toBe(200)
  }
  await engine.removeAssignment(acme, assignment)
  expect([await ask(one), await ask(other)]).toEqual([403, 403])
  await engine.assignRole(given)
  for (let round = 0; round < 3; round++) expect([await ask(one), await ask(other)]).toEqual([200, 200])
  revocations.revokeSession('session_1')
  expect([await ask(one), await ask(other)]).toEqual([401, 200])
  pass(299_000)
  expect(await ask(other)).toBe(200)
  // Five seconds are left to clocks that differ.
  pass(6_000)
  expect(await ask(other)).toBe(401)
})

test('what a handler makes of what was enforced reaches no other request', async () => {
  const { token, ask, seen } = await openRoute()
  const bearer = await token()
  for (let round = 0; round < 4; round++) expect(await ask(bearer)).toBe(200)
  const said = {
    permission: 'project:edit',
    resource: { type: 'project', externalId: 'web' },
    decidedBy: 'engine',
  }
  expect(seen).toEqual(seen.map(() => [said]))
  expect(seen).toHaveLength(4)
})
