const typeCount = 50
const permissionsOfType = 10

/** Whether the compiler is told of the model, or takes any string for a permission. */
export type Registered = 'registered' | 'unregistered'

/** The sources of an application with 500 permissions, each guarding a route of Express and one of Nest. */
export function applicationSource(registered: Registered): Readonly<Record<string, string>> {
  return {
    'model.ts': model(registered),
    ...Object.fromEntries(
      types.flatMap((type) => [
        [`${type}-routes.ts`, routes(type)],
        [`${type}-controller.ts`, controller(type)],
      ]),
    ),
  }
}

const types = Array.from({ length: typeCount }, (_, n) => `type-${n}`)

function permissionsOf(type: string): readonly string[] {
  return Array.from({ length: permissionsOfType }, (_, n) => `${type}:action-${n}`)
}

function model(registered: Registered): string {
  const slugs = types.flatMap((type) => permissionsOf(type).map((slug) => [slug, type] as const))
  const register = `declare module '@bailiwick/core' {
  interface Register {
    model: typeof model
  }
}
`
  return `import { defineModel } from '@bailiwick/core'

export const model = defineModel({
  resourceTypes: {
${types.map((type) => `    '${type}': { parents: ['organization'] },`).join('\n')}
  },
  permissions: {
${slugs.map(([slug, type]) => `    '${slug}': '${type}',`).join('\n')}
  },
  roles: {
${types
  .map(
    (type) =>
      `    'editor-of-${type}': { on: '${type}', permissions: [${permissionsOf(type)
        .map((slug) => `'${slug}'`)
        .join(', ')}] },`,
  )
  .join('\n')}
  },
})

${registered === 'registered' ? register : ''}`
}

function routes(type: string): string {
  const guarded = permissionsOf(type).map(
    (
      slug,
      n,
    ) => `router.post('/${type}/:id/${n}', requirePermission('${slug}', { resource: param('id') }), async (req, res) => {
  const { session } = req.authz
  const target = { type: '${type}', externalId: String(req.params.id) } as const
  res.json({ held: session !== undefined && req.authz.has('${slug}'), decision: await req.authz.check('${slug}', target) })
})`,
  )
  return `import { param, requirePermission } from '@bailiwick/express'
import { Router } from 'express'
import './model.js'

export const router = Router()

${guarded.join('\n\n')}
`
}

function controller(type: string): string {
  const handlers = permissionsOf(type).map(
    (slug, n) => `  @Post(':id/${n}')
  @RequirePermission('${slug}', { resource: param('id') })
  async action${n}(@Authorized('${type}') target: Target, @CurrentSession() session: Session) {
    return this.authorizer.check(session, '${slug}', target)
  }`,
  )
  return `import type { Authorizer, Target } from '@bailiwick/client'
import type { Session } from '@bailiwick/core'
import { Authorized, CurrentSession, param, RequirePermission } from '@bailiwick/nest'
import { Controller, Post } from '@nestjs/common'
import './model.js'

@Controller('${type}')
export class Controller${type.replaceAll('-', '')} {
  constructor(private readonly authorizer: Authorizer) {}

${handlers.join('\n\n')}
}
`
}
