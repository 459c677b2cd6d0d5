import { createAuthorizer, Revocations, type RevokedSessions } from '@bailiwick/client'
import { parseMembershipId, parseOrganizationId } from '@bailiwick/core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openProduct, type Product } from './product.js'
import { stacks } from './stacks/index.js'
import type { Served } from './stacks/stack.js'

const acme = parseOrganizationId('org_acme')
let product: Product
beforeAll(async () => {
  product = await openProduct()
})

describe.each(stacks)('$name', (stack) => {
  let app: Served
  let revocations: Revocations
  beforeAll(async () => {
    revocations = new Revocations()
    const { engine, session } = product
    app = await stack.serve({ authorizer: createAuthorizer({ engine, session, revocations }) })
  })
  afterAll(() => app.close())

  async function ask(path: string, token: string, to: Served = app) {
    const { status, headers, ...response } = await fetch(`http://127.0.0.1:${to.port}${path}`, {
      headers: { authorization: `Bearer ${token}` },
    }).then(async (response) => ({
      status: response.status,
      headers: response.headers,
      body: await response.json(),
    }))
    return {
      status,
      challenge: headers.get('www-authenticate'),
      code: (response.body as { code?: string }).code,
    }
  }

  describe('a route that needs a recent sign-in', () => {
    const now = () => Math.floor(Date.now() / 1_000)

    test('takes one that is, and asks for another by RFC 9470 where it is not', async () => {
      const signedIn = (secondsAgo: number) =>
        product.tokenFor('biller', { claims: { auth_time: now() - secondsAgo } })
      expect((await ask('/recent', await signedIn(200))).status).toBe(200)
      expect(await ask('/recent', await signedIn(400))).toEqual({
        status: 401,
        code: 'step_up_required',
        challenge:
          'Bearer error="insufficient_user_authentication", ' +
          'error_description="this needs a sign-in of the last 300 seconds", max_age="300"',
      })
    })

    test.each([undefined, null, 'yesterday', Number.NaN, -1, 1e300])(
      'takes no token that says %s of when it was',
      async (auth_time) => {
        expect(
          await ask('/recent', await product.tokenFor('biller', { claims: { auth_time } })),
        ).toMatchObject({
          status: 401,
        })
      },
    )

    test('does not send away to sign in for what is denied anyway', async () => {
      expect(await ask('/recent', await product.tokenFor('nobody'))).toMatchObject({ status: 403 })
    })

    test('of a kind takes that kind, and names it', async () => {
      expect(
        (await ask('/strong', await product.tokenFor('nobody', { claims: { acr: 'mfa' } }))).status,
      ).toBe(200)
      for (const acr of ['password', ['mfa'], undefined]) {
        expect(await ask('/strong', await product.tokenFor('nobody', { claims: { acr } }))).toMatchObject({
          status: 401,
          challenge: expect.stringContaining('acr_values="mfa phishing-resistant"'),
        })
      }
    })
  })

  describe('a session that is over before its token', () => {
    test('is refused from the next request on, and no other is', async () => {
      const [ended, other] = [
        await product.tokenFor('editor', { sessionId: 'session_ended' }),
        await product.tokenFor('editor', { sessionId: 'session_other' }),
      ]
      expect((await ask('/me', ended)).status).toBe(200)
      revocations.revokeSession('session_ended')
      expect(await ask('/me', ended)).toEqual({
        status: 401,
        code: 'session_revoked',
        challenge: 'Bearer error="invalid_token"',
      })
      expect((await ask('/me', other)).status).toBe(200)
    })

    test('is refused by a list of the application itself, also where its token is known already', async () => {
      const { engine, session } = product
      const ended = new Set<unknown>()
      const revocations = { isRevoked: ({ sessionId }: { sessionId: unknown }) => ended.has(sessionId) }
      const own = await stack.serve({ authorizer: createAuthorizer({ engine, session, revocations }) })
      const token = await product.tokenFor('editor', { sessionId: 'session_ended' })
      expect((await ask('/me', token, own)).status).toBe(200)
      expect((await ask('/me', token, own)).status).toBe(200)
      ended.add('session_ended')
      expect(await ask('/me', token, own)).toMatchObject({ status: 401, code: 'session_revoked' })
      expect((await ask('/me', await product.tokenFor('editor'), own)).status).toBe(200)
      await own.close()
    })

    test('is refused by a list that has not looked', async () => {
      const { engine, session } = product
      const revocations = { isRevoked: () => undefined as never }
      const own = await stack.serve({ authorizer: createAuthorizer({ engine, session, revocations }) })
      expect((await ask('/me', await product.tokenFor('editor'), own)).status).toBe(401)
      await own.close()
    })

    test('is refused where nobody could tell, with 503', async () => {
      const { engine, session } = product
      const asking = (revoked: RevokedSessions) =>
        createAuthorizer({ engine, session, revocations: revoked, deadlineMs: 100 })
      const broken = [
        { isRevoked: () => Promise.reject(new Error('Redis is down')) },
        { isRevoked: () => new Promise<boolean>(() => {}) },
      ]
      const token = await product.tokenFor('editor')
      const [rejecting, silent] = await Promise.all(
        broken.map((revoked) => stack.serve({ authorizer: asking(revoked) })),
      )
      expect((await ask('/me', token, rejecting)).status).toBe(503)
      expect((await ask('/me', token, silent)).status).toBe(503)
      expect([rejecting?.handled, silent?.handled]).toEqual([[], []])
      await Promise.all([rejecting?.close(), silent?.close()])
    })
  })

  test('a token of a membership that is deactivated is refused, also where the token itself would answer', async () => {
    const token = await product.tokenFor('wide', {
      membership: parseMembershipId('om_wide'),
      permissions: ['project:view'],
    })
    expect((await ask('/projects', token)).status).toBe(200)
    const wide = { membershipId: parseMembershipId('om_wide') }
    const { value: membership } = await product.engine.setMembershipStatus(acme, wide, 'inactive')
    revocations.hear({
      shard: acme,
      revision: 1,
      at: '2026-01-01T00:00:00.000Z',
      changes: [{ op: 'put', kind: 'membership', entity: { ...membership, rolesChosen: false } as never }],
    })
    expect(await ask('/projects', token)).toMatchObject({ status: 401, code: 'session_revoked' })
    await product.engine.setMembershipStatus(acme, wide, 'active')
  })
})
