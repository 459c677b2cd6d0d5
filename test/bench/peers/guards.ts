import { createPublicKey, type JsonWebKey } from 'node:crypto'
import type { Server } from 'node:http'
import { createMongoAbility } from '@casl/ability'
import {
  CedarInlineAuthorizationEngine,
  ExpressAuthorizationMiddleware,
} from '@cedar-policy/authorization-for-expressjs'
import { clerkMiddleware, getAuth } from '@clerk/express'
import type { CanActivate, ExecutionContext, Type } from '@nestjs/common'
import type { Request, RequestHandler } from 'express'
import { auth, claimCheck } from 'express-oauth2-jwt-bearer'
import { createLocalJWKSet, type JSONWebKeySet, jwtVerify } from 'jose'
import { answer, listening } from '../routes/express-applications.js'
import type { RouteWorld } from '../routes/world.js'

export function oauthExpress({ issuer, jwksUrl: jwksUri }: RouteWorld): Server {
  const holds = claimCheck(
    ({ permissions }) => Array.isArray(permissions) && permissions.includes('project:list'),
  )
  return listening((app) => {
    app.use(auth({ issuer: issuer.issuer, audience: issuer.audience, jwksUri, tokenSigningAlg: 'RS256' }))
    app.get('/projects', holds, answer)
  })
}

/** With its key at hand, since there is no network. It verifies the token, and nothing asks what that may do. */
export function clerkExpress({ issuer }: RouteWorld): Server {
  const [jwk] = issuer.jwks.keys
  const key = createPublicKey({ key: jwk as JsonWebKey, format: 'jwk' })
  const signedIn: RequestHandler = (request, response, next) =>
    getAuth(request).userId === null ? void response.sendStatus(401) : next()
  return listening((app) => {
    app.use(
      clerkMiddleware({
        jwtKey: String(key.export({ type: 'spki', format: 'pem' })),
        publishableKey: `pk_test_${Buffer.from('clerk.example.dev$').toString('base64')}`,
        secretKey: 'sk_test_not_used',
      }),
    )
    app.get('/projects', signedIn, answer)
  })
}

/** As its guide has it, after a login that verifies the token with `jose`: the roles of the user are its parents. */
export function cedarExpress({ issuer }: RouteWorld): Server {
  const keys = createLocalJWKSet(issuer.jwks as JSONWebKeySet)
  const schema = { type: 'jsonString', schema: JSON.stringify(cedarSchema) } as const
  const cedar = new ExpressAuthorizationMiddleware({
    schema,
    authorizationEngine: new CedarInlineAuthorizationEngine({
      schema,
      staticPolicies: `permit(principal in Bench::Role::"member", action == Bench::Action::"GET /projects", resource);`,
    }),
    principalConfiguration: {
      type: 'custom',
      getPrincipalEntity: async ({ headers }) => {
        const { payload } = await jwtVerify(String(headers.authorization).slice('Bearer '.length), keys)
        const roles = payload.roles as readonly string[]
        return {
          uid: { type: 'Bench::User', id: String(payload.sub) },
          attrs: {},
          parents: roles.map((id) => ({ type: 'Bench::Role', id })),
        }
      },
    },
  })
  return listening((app) => {
    app.use(cedar.middleware)
    app.get('/projects', answer)
  })
}

const cedarSchema = {
  Bench: {
    annotations: { mappingType: 'SimpleRest' },
    entityTypes: { Application: {}, Role: {}, User: { memberOfTypes: ['Role'] } },
    actions: {
      'GET /projects': {
        annotations: { httpVerb: 'get', httpPathTemplate: '/projects' },
        appliesTo: { principalTypes: ['User'], resourceTypes: ['Application'] },
      },
    },
  },
}

/** As the recipe of Nest does it, with the ability made beforehand and the token verified by `jose`. */
export function caslGuard({ issuer }: RouteWorld): Type<CanActivate> {
  const keys = createLocalJWKSet(issuer.jwks as JSONWebKeySet)
  const ability = createMongoAbility([{ action: 'list', subject: 'project' }])
  return class CaslGuard implements CanActivate {
    async canActivate(context: ExecutionContext) {
      const { headers } = context.switchToHttp().getRequest<Request>()
      await jwtVerify(String(headers.authorization).slice('Bearer '.length), keys)
      return ability.can('list', 'project')
    }
  }
}
