import 'reflect-metadata'
import { type PermissionTerm, permissionsOf, type Requirement } from '@bailiwick/client'
import { Inject, Injectable } from '@nestjs/common'
import { demandOf } from '../decorators/demand.js'
import { NestRoutes } from './nest-routes.js'

/** A permission slug, or some of them together. */
type Required = string | { readonly anyOf: readonly Required[] } | { readonly allOf: readonly Required[] }

/**
 * Tells `@nestjs/swagger`, where it is there, what routes demand: `x-required-permissions`, and the refusals. What is
 * written on a route itself stays. It is done as soon as there is an instance, for documents are made before the
 * application starts.
 */
@Injectable()
export class DescribeRoutes {
  constructor(@Inject(NestRoutes) routes: NestRoutes) {
    for (const { controller, handler } of routes.handlers()) {
      const requirement = demandOf(controller, handler)
      if (requirement !== undefined && requirement.kind !== 'public') describe(handler, requirement)
    }
  }
}

function describe(handler: object, requirement: Exclude<Requirement, { kind: 'public' }>): void {
  merge('swagger/apiResponse', handler, responsesOf(requirement))
  if (requirement.kind !== 'authenticated')
    merge('swagger/apiExtension', handler, { 'x-required-permissions': requiredOf(requirement) })
}

function merge(key: string, handler: object, described: object): void {
  const written = Reflect.getMetadata(key, handler) as object | undefined
  Reflect.defineMetadata(key, { ...described, ...written }, handler)
}

function requiredOf(term: PermissionTerm): readonly Required[] {
  return term.kind === 'all' ? term.of.map(oneOf) : [oneOf(term)]
}

function oneOf(term: PermissionTerm): Required {
  if (term.kind === 'permission') return term.permission
  return term.kind === 'any' ? { anyOf: term.of.map(oneOf) } : { allOf: term.of.map(oneOf) }
}

function responsesOf(requirement: Requirement): object {
  const asked = permissionsOf(requirement)
  return {
    401: { description: 'No session token, or none that is valid' },
    ...(asked.some(({ conceal }) => !conceal) && { 403: { description: 'The permission is missing' } }),
    ...(asked.some(({ conceal }) => conceal) && {
      404: { description: 'There is no such resource, or the permission is missing' },
    }),
    503: { description: 'It cannot be decided now' },
  }
}
