import {
  type Meant,
  type MeantType,
  type Permission,
  type ResourceTypeSlug,
  type Scope as ScopeValue,
  SessionInvalid,
} from '@bailiwick/core'
import { createParamDecorator, type ExecutionContext } from '@nestjs/common'
import { authorizationIn } from '../calls/authorization-in.js'

interface Wanted {
  readonly permission: Permission
  readonly type: ResourceTypeSlug | undefined
}

const scopeOf: (wanted: Wanted) => ParameterDecorator = createParamDecorator(
  async ({ permission, type }: Wanted, context: ExecutionContext): Promise<ScopeValue> => {
    const { authorizer, session } = authorizationIn(context)
    if (session === undefined)
      throw new SessionInvalid('session_missing', 'the request carries no session token')
    const wanted = type ?? (authorizer.model.permission(permission).on as ResourceTypeSlug)
    return authorizer.scopeFor(session, permission, wanted)
  },
)

/**
 * Where the session may, in a handler's parameters: a condition for the application's own database, to list what she
 * may see and nothing else. `@bailiwick/client/drizzle`, `/kysely` and `/prisma` write it down.
 *
 * @param type - Of the resources wanted. Default: the permission's own.
 * @throws as `Authorizer.scopeFor`
 *
 * @example
 * @Get()
 * @Authenticated()
 * list(@Scope('project:view') scope: Scope) { return this.db.selectFrom('projects').where(whereInScope(scope, …)) }
 */
export function Scope<const Slug extends string, const Type extends string>(
  permission: Meant<Slug>,
  type?: MeantType<Type>,
): ParameterDecorator {
  return scopeOf({ permission: permission as Permission, type: type as ResourceTypeSlug | undefined })
}
