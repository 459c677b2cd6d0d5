import { createPublicKey, type JsonWebKey } from 'node:crypto'
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { clerk, createAuthorizer, type SessionOptions, sealedSession, workos } from '@bailiwick/client'
import { problems, requirePermission, session } from '@bailiwick/express'
import { createIssuer, type Issuer, type TokenRequest } from '@bailiwick/testing'
import { clerkMiddleware, getAuth } from '@clerk/express'
import express, { type Express } from 'express'
import { expressjwt } from 'express-jwt'
import { auth } from 'express-oauth2-jwt-bearer'
import request from 'supertest'
import { afterEach, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { type Acme, startAcme } from '../official-sdk/acme.js'
import { sdks } from '../official-sdk/sdks.js'
import { request as send } from '../server/request.js'
import { openProduct, type Product } from './product.js'

let product: Product
beforeAll(async () => {
  product = await openProduct()
})

const web = { scope: 'organization' } as const

/** An application whose login runs first; what it left on the request is answered. */
function appWith(
  login: (app: Express) => void,
  sessionOptions: SessionOptions,
  token?: Parameters<typeof session>[1],
) {
  const app = express()
  login(app)
  app.use(session(createAuthorizer({ engine: product.engine, session: sessionOptions }), token))
  app.get('/billing', requirePermission('billing:manage', web), (req, res) => {
    const { auth } = req as unknown as { readonly auth?: unknown }
    res.json({ user: req.authz.session?.userId, auth: typeof auth === 'function' ? 'a function' : auth })
  })
  app.use(problems())
  return app
}

async function issuerOnPort() {
  const issuer = await createIssuer({ algorithm: 'RS256', audience: 'https://api.example' })
  const listening = await issuer.listen()
  onTestFinished(() => listening.close())
  const tokenOf = (user: 'biller' | 'nobody', more: Partial<TokenRequest> = {}) =>
    issuer.token({ user, organization: 'org_acme', membership: `om_${user}`, ...more })
  return { issuer, listening, tokenOf }
}

/** As libraries that take one key want it. */
async function publicKeyOf({ jwks }: Issuer): Promise<string> {
  const [jwk] = jwks.keys
  const key = createPublicKey({ key: jwk as JsonWebKey, format: 'jwk' })
  return String(key.export({ type: 'spki', format: 'pem' }))
}

const ask = (app: Express, token: string) => request(app).get('/billing').auth(token, { type: 'bearer' })

describe('beside another login, the guard decides and leaves what the login has put on the request alone', () => {
  test('express-oauth2-jwt-bearer', async () => {
    const { issuer, listening, tokenOf } = await issuerOnPort()
    const app = appWith((app) => {
      app.use(
        auth({
          issuer: issuer.issuer,
          audience: issuer.audience,
          jwksUri: listening.jwksUrl,
          tokenSigningAlg: 'RS256',
        }),
      )
    }, listening.sessionOptions)
    const allowed = await ask(app, await tokenOf('biller'))
    expect(allowed.body).toMatchObject({ user: 'biller', auth: { payload: { sub: 'biller' } } })
    expect((await ask(app, await tokenOf('nobody'))).status).toBe(403)
    expect((await request(app).get('/billing')).status).toBe(401)
  })

  test('express-jwt', async () => {
    const { issuer, listening, tokenOf } = await issuerOnPort()
    const secret = await publicKeyOf(issuer)
    const app = appWith((app) => {
      app.use(expressjwt({ secret, algorithms: ['RS256'] }))
    }, listening.sessionOptions)
    expect((await ask(app, await tokenOf('biller'))).body).toMatchObject({
      user: 'biller',
      auth: { sub: 'biller' },
    })
    expect((await ask(app, await tokenOf('nobody'))).status).toBe(403)
  })

  test('Clerk', async () => {
    const { issuer, tokenOf } = await issuerOnPort()
    const jwtKey = await publicKeyOf(issuer)
    const publishableKey = `pk_test_${Buffer.from('clerk.example.dev$').toString('base64')}`
    const { jwksUrl: _, ...preset } = clerk({
      issuer: issuer.issuer,
      authorizedParties: ['https://app.example'],
    })
    const options = { ...preset, keys: issuer.jwks } as SessionOptions
    const app = appWith(
      (app) => {
        app.use(clerkMiddleware({ jwtKey, publishableKey, secretKey: 'sk_test_not_used' }))
        app.use((req, _res, next) => {
          getAuth(req)
          next()
        })
      },
      options,
      { cookie: '__session' },
    )
    const claims = { azp: 'https://app.example', sts: 'active', v: 2, o: { id: 'org_acme', rol: 'member' } }
    const biller = await tokenOf('biller', { claims })
    expect((await ask(app, biller)).body).toEqual({ user: 'biller', auth: 'a function' })
    expect((await ask(app, await tokenOf('nobody', { claims }))).status).toBe(403)
  })
})

describe('the sealed cookie of WorkOS AuthKit', () => {
  const cookiePassword = 'a password of at least thirty-two characters'
  const clientId = 'client_development'
  const [sdk] = sdks
  let acme: Acme
  let listening: Server
  afterEach(async () => {
    listening.close()
    await acme.close()
  })

  test('is unsealed by the official SDK, and its token is verified as any other', async () => {
    acme = await startAcme(sdk as NonNullable<typeof sdk>)
    const { userManagement } = acme.client({ clientId })
    const sealedFor = async (user: string, roles: readonly string[]) => {
      await acme.engine.createUser({ id: user as never, email: `${user}@acme.example` })
      const membership = await acme.join(user, [...roles])
      const body = { organization_membership_id: membership }
      const minted = (await send(acme, { method: 'POST', path: '/development/sessions', body })).json as {
        readonly refresh_token: string
      }
      const { sealedSession: sealed } = await userManagement.authenticateWithRefreshToken({
        clientId,
        refreshToken: minted.refresh_token,
        session: { sealSession: true, cookiePassword },
      })
      return `wos-session=${sealed}`
    }
    const authorizer = createAuthorizer({
      engine: acme.engine,
      session: workos({ clientId, apiUrl: acme.url }),
    })
    const app = express()
    app.use(
      session(authorizer, {
        token: sealedSession({ userManagement: userManagement as never, cookiePassword }),
      }),
    )
    app.get('/billing', requirePermission('billing:manage', web), (req, res) => {
      res.json({ user: req.authz.session?.userId })
    })
    app.use(problems())
    listening = app.listen(0)
    const url = `http://127.0.0.1:${(listening.address() as AddressInfo).port}`
    const asked = async (cookie?: string) =>
      fetch(`${url}/billing`, { headers: cookie === undefined ? {} : { cookie } }).then(async (response) => ({
        status: response.status,
        body: (await response.json()) as { readonly code?: string; readonly user?: string },
      }))

    const ada = await sealedFor('user_ada', ['admin'])
    expect(await asked(ada)).toMatchObject({ status: 200, body: { user: 'user_ada' } })
    expect((await asked(await sealedFor('user_bob', ['member']))).status).toBe(403)
    expect(await asked()).toMatchObject({ status: 401, body: { code: 'session_missing' } })
    expect(await asked(`${ada.slice(0, -12)}AAAAAAAAAA~2`)).toMatchObject({
      status: 401,
      body: { code: 'session_untrusted' },
    })
    expect(await asked(`${ada}; wos-session=another`)).toMatchObject({
      status: 401,
      body: { code: 'session_ambiguous' },
    })
  })
})
