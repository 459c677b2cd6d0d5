import type { RequestAuthorization, Target } from '@bailiwick/client'
import { type MeantType, Misconfigured } from '@bailiwick/core'
import { createParamDecorator, type ExecutionContext } from '@nestjs/common'
import { authorizationIn } from '../calls/authorization-in.js'

/**
 * The resource of a type that the guard has asked about and allowed, in a handler's parameters: what the handler loads
 * is then what was guarded, wherever the request named it.
 *
 * @throws {Misconfigured} when the guard has asked about no resource of this type, or about two.
 *
 * @example
 * @Patch(':id')
 * @RequirePermission('project:edit', { resource: param('id') })
 * update(@Authorized('project') { externalId }: Target) { … }
 */
export function Authorized<const Type extends string>(type: MeantType<Type>): ParameterDecorator {
  return authorizedTarget(type)
}

const authorizedTarget: (type: string) => ParameterDecorator = createParamDecorator(
  (type: string, context: ExecutionContext): Target => {
    const targets = targetsOf(authorizationIn(context), type)
    const [target, ...others] = targets
    if (target === undefined) {
      throw new Misconfigured(`\`@Authorized('${type}')\`: the guard of this handler asks about no ${type}`)
    }
    if (others.some((other) => nameOf(other) !== nameOf(target))) {
      throw new Misconfigured(
        `\`@Authorized('${type}')\`: the guard of this handler asks about more than one ${type}`,
      )
    }
    return target
  },
)

function targetsOf({ authorizer, enforced }: RequestAuthorization, type: string): readonly Target[] {
  return enforced.flatMap(({ permission, resource }) => {
    if (resource === undefined) return []
    // An id of ours names no type: the guard has made sure that it is of the permission's.
    const found = 'type' in resource ? resource.type : authorizer.model.permission(permission).on
    return found === type ? [resource] : []
  })
}

function nameOf(target: Target): string {
  return 'resourceId' in target ? `id ${target.resourceId}` : `external id ${target.externalId}`
}
