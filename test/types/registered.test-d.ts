import { createAuthorizer } from '@bailiwick/client'
import { type AuthorizationEngine, defineModel, type OrganizationId, type Session } from '@bailiwick/core'
import { any, param, permission, problems, requirePermission, session } from '@bailiwick/express'
import * as fastify from '@bailiwick/fastify'
import * as hono from '@bailiwick/hono'
import * as mcp from '@bailiwick/mcp'
import {
  AuthorizationModule,
  Authorized,
  CurrentSession,
  RequireAll,
  RequireAny,
  RequirePermission,
  Scope,
} from '@bailiwick/nest'
import express, { type Request } from 'express'
import { describe, expectTypeOf, test } from 'vitest'

const model = defineModel({
  resourceTypes: {
    workspace: { parents: ['organization'] },
    project: { parents: ['workspace'] },
    app: { parents: ['project'] },
    invoice: { parents: ['organization'] },
  },
  permissions: { 'project:view': 'project', 'project:edit': 'project', 'billing:manage': 'organization' },
  roles: {
    admin: { on: 'organization', permissions: ['billing:manage'] },
    'project-editor': { on: 'project', permissions: ['project:view', 'project:edit'] },
  },
})

// One registration holds for a whole program, so this one is compiled by itself, and against what is built: as an
// application sees it.
declare module '@bailiwick/core' {
  interface Register {
    model: typeof model
  }
}

declare const authz: ReturnType<typeof createAuthorizer>
declare const mine: Session
declare const engine: AuthorizationEngine
declare const organizationId: OrganizationId
const onId = { resource: param('id') }

describe('with a model registered', () => {
  test('an Express guard takes the permissions of the model, and no mistyped one', () => {
    requirePermission('project:edit', onId)
    // @ts-expect-error mistyped
    requirePermission('project:edt', onId)
    // @ts-expect-error mistyped, among others
    requirePermission(any('project:edit', 'project:veiw'), onId)
    // @ts-expect-error mistyped, with options of its own
    permission('project:edt', onId)
  })

  test('an Express guard on a resource says which one', () => {
    requirePermission('project:edit', { scope: 'organization' })
    requirePermission('billing:manage')
    // @ts-expect-error which project?
    requirePermission('project:edit')
    // @ts-expect-error which project?
    requirePermission('project:edit', { fresh: true })
  })

  test('a locator takes the types of the model', () => {
    param('id', { type: 'workspace' })
    // @ts-expect-error mistyped
    param('id', { type: 'worksapce' })
    AuthorizationModule.forRoot({ authorizer: authz, locators: { project: param('id') } })
    const invoice = param('id', { type: 'invoice' })
    // @ts-expect-error an invoice is not a project
    AuthorizationModule.forRoot({ authorizer: authz, locators: { project: invoice } })
    // @ts-expect-error mistyped
    AuthorizationModule.forRoot({ authorizer: authz, locators: { projct: param('id') } })
  })

  test('a locator finds what the permission can be held on, and nothing else', () => {
    requirePermission('project:edit', { resource: param('id', { type: 'project' }) })
    requirePermission('project:edit', { resource: param('id', { type: 'workspace' }) })
    requirePermission('project:edit', { resource: param('id', { type: 'app' }) })
    requirePermission('project:edit', { resource: param('id', { type: 'organization' }) })
    requirePermission('billing:manage', { resource: param('id', { type: 'invoice' }) })
    // @ts-expect-error no project lies along an invoice
    requirePermission('project:edit', { resource: param('id', { type: 'invoice' }) })
    // @ts-expect-error no project lies along an invoice
    permission('project:edit', { resource: param('id', { type: 'invoice' }) })
    // @ts-expect-error no project lies along an invoice
    RequirePermission('project:edit', { resource: param('id', { type: 'invoice' }) })
  })

  test('a mistyped type of a locator is one mistake, where it stands', () => {
    requirePermission('project:edit', {
      resource: param('id', {
        // @ts-expect-error mistyped
        type: 'projcet',
      }),
    })
    RequirePermission('project:edit', {
      resource: param('id', {
        // @ts-expect-error mistyped
        type: 'projcet',
      }),
    })
  })

  test('a Nest decorator takes the permissions of the model, and no mistyped one', () => {
    RequirePermission('project:edit')
    RequirePermission(any('project:edit', 'project:view'), onId)
    RequireAny('project:edit', permission('billing:manage', { scope: 'organization' }))
    // @ts-expect-error mistyped
    RequirePermission('project:edt')
    // @ts-expect-error mistyped
    RequireAny('project:edit', 'project:veiw')
    // @ts-expect-error mistyped
    RequireAll('project:veiw')
  })

  test('the questions of handlers take the permissions of the model', () => {
    authz.check(mine, 'project:edit', { type: 'project', externalId: 'web' })
    // @ts-expect-error mistyped
    authz.check(mine, 'project:edt')
    const handler = (req: Request) => {
      expectTypeOf(req.authz.has('billing:manage')).toEqualTypeOf<boolean>()
      // @ts-expect-error mistyped
      return req.authz.check('billing:mange')
    }
    expectTypeOf(handler).toBeFunction()
  })

  test('questions about a resource know its type, and so do locator functions', () => {
    authz.scopeFor(mine, 'project:view', 'project')
    // @ts-expect-error mistyped
    authz.check(mine, 'project:edit', { type: 'projct', externalId: 'web' })
    // @ts-expect-error mistyped
    authz.scopeFor(mine, 'project:view', 'projct')
    // @ts-expect-error mistyped
    requirePermission('project:edit', { resource: () => ({ type: 'projct', externalId: 'web' }) })
    // @ts-expect-error mistyped
    Authorized('projct')
    // @ts-expect-error mistyped
    Scope('project:veiw')
    // @ts-expect-error mistyped
    Scope('project:view', 'projct')
  })

  test('the engine takes the permissions, types and roles of the model: checks, lists and what is written', () => {
    const asking = { organizationId, subject: { userId: 'user_ada' } }
    const resource = { type: 'project', externalId: 'web' } as const
    engine.check({ ...asking, permission: 'project:edit', resource })
    // @ts-expect-error mistyped
    engine.check({ ...asking, permission: 'project:edt', resource })
    // @ts-expect-error mistyped
    engine.check({ ...asking, permission: 'project:edit', resource: { type: 'projct', externalId: 'web' } })
    engine.listResources({ ...asking, permission: 'project:edit', type: 'project' })
    // @ts-expect-error mistyped
    engine.listResources({ ...asking, permission: 'project:edt', type: 'project' })
    // @ts-expect-error mistyped
    engine.listResources({ ...asking, permission: 'project:edit', type: 'projct' })
    // @ts-expect-error mistyped
    engine.listSubjects({ organizationId, permission: 'project:edt', resource })
    engine.assignRole({ ...asking, role: 'project-editor', resource })
    engine.assignRole({ ...asking, role: 'org-reviewer', resource })
    // @ts-expect-error mistyped
    engine.assignRole({ ...asking, role: 'project-editr', resource })
    // @ts-expect-error mistyped
    engine.setMembershipRoles(organizationId, { userId: 'user_ada' }, ['admn'])
    // @ts-expect-error mistyped
    engine.createResource({ organizationId, type: 'projct', externalId: 'web', name: 'Web' })
  })

  test('a decorator stands on a controller and on its handlers, as the README writes it', () => {
    @RequirePermission('billing:manage')
    class ProjectsController {
      @RequirePermission('project:edit', { resource: param('id') })
      update(@CurrentSession() session: Session) {
        return session.userId
      }
    }
    expectTypeOf(ProjectsController).toBeConstructibleWith()
  })
})

describe('the siblings of Express know the same model', () => {
  test('Fastify', () => {
    fastify.requirePermission('project:edit', { resource: fastify.param('id') })
    fastify.requirePermission('billing:manage')
    // @ts-expect-error mistyped
    fastify.requirePermission('project:edt', { resource: fastify.param('id') })
    // @ts-expect-error which project?
    fastify.requirePermission('project:edit')
    // @ts-expect-error no project lies along an invoice
    fastify.requirePermission('project:edit', { resource: fastify.param('id', { type: 'invoice' }) })
  })

  test('Hono', () => {
    hono.requirePermission('project:edit', { resource: hono.param('id') })
    hono.requirePermission('billing:manage')
    // @ts-expect-error mistyped
    hono.requirePermission('project:edt', { resource: hono.param('id') })
    // @ts-expect-error which project?
    hono.requirePermission('project:edit')
    // @ts-expect-error no project lies along an invoice
    hono.requirePermission('project:edit', { resource: hono.param('id', { type: 'invoice' }) })
  })

  test('MCP', () => {
    mcp.requirePermission('project:edit', { resource: mcp.arg('id') })
    mcp.requirePermission('billing:manage')
    // @ts-expect-error mistyped
    mcp.requirePermission('project:edt', { resource: mcp.arg('id') })
    // @ts-expect-error which project?
    mcp.requirePermission('project:edit')
    // @ts-expect-error no project lies along an invoice
    mcp.requirePermission('project:edit', { resource: mcp.arg('id', { type: 'invoice' }) })
  })
})

describe('a guard beside a handler', () => {
  test('leaves the parameters of the path as Express infers them', () => {
    const app = express()
    app.use(session(authz))
    app.patch('/projects/:id', requirePermission('project:edit', { resource: param('id') }), (req, res) => {
      expectTypeOf(req.params).toEqualTypeOf<{ id: string }>()
      // @ts-expect-error the path has no such parameter
      req.params.projectId
      res.json(req.authz.session?.userId)
    })
    app.use(problems())
  })

  test('hands Express its own request in a locator', () => {
    requirePermission('project:edit', {
      resource: async ({ native }) => {
        expectTypeOf(native).toEqualTypeOf<Request>()
        return { type: 'project', externalId: native.hostname }
      },
    })
  })
})
