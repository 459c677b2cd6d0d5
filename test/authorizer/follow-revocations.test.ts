import { createAuthorizer, followRevocations, Revocations } from '@bailiwick/client'
import { defineModel, parseMembershipId, parseOrganizationId } from '@bailiwick/core'
import { memoryStore, openEngine } from '@bailiwick/engine'
import { createServer } from '@bailiwick/server'
import { createIssuer } from '@bailiwick/testing'
import { expect, onTestFinished, test, vi } from 'vitest'

test('tokens of a membership that a server deactivates are refused where its feed is followed, and no others', async () => {
  const apiKey = 'sk_test_revocations'
  const acme = parseOrganizationId('org_acme')
  const engine = await openEngine({
    store: memoryStore(),
    model: defineModel({ resourceTypes: {}, permissions: {}, roles: {} }),
  })
  const server = await createServer({ engine, apiKey })
  const url = await server.listen({ port: 0 })
  await engine.createOrganization({ id: acme, name: 'Acme' })
  const issuer = await createIssuer()
  const tokenOf = async (user: string) => {
    const membership = parseMembershipId(`om_${user}`)
    await engine.createMembership({ organizationId: acme, userId: user, id: membership })
    return issuer.token({ user, organization: acme, membership })
  }
  const [ada, lin] = [await tokenOf('ada'), await tokenOf('lin')]
  const revocations = new Revocations()
  const following = await followRevocations({ url, apiKey, revocations })
  onTestFinished(async () => {
    await following.close()
    await server.close()
    await engine.close()
  })
  const authorizer = createAuthorizer({ engine, session: issuer.sessionOptions, revocations })
  await expect(authorizer.authenticate(ada)).resolves.toMatchObject({ userId: 'ada' })

  await engine.setMembershipStatus(acme, { userId: 'ada' }, 'inactive')
  await vi.waitFor(
    () => expect(authorizer.authenticate(ada)).rejects.toMatchObject({ code: 'session_revoked' }),
    { timeout: 30_000, interval: 10 },
  )
  await expect(authorizer.authenticate(lin)).resolves.toMatchObject({ userId: 'lin' })
})

test('a server that is not there is told at once', async () => {
  const revocations = new Revocations()
  await expect(
    followRevocations({ url: 'http://127.0.0.1:9', apiKey: 'sk_test_nobody_home', revocations }),
  ).rejects.toMatchObject({ kind: 'unavailable' })
})
