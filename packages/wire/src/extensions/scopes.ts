import { assertNever, type Scope } from '@bailiwick/core'
import { z } from 'zod'
import { knownSlug, organizationId } from '../ids.js'
import { parseResourceAddress, renderResourceAddress, resourceAddress } from './resource-fields.js'

/** Where a permission holds for one type of resource. */
export const scope = z.discriminatedUnion('kind', [
  z.object({ object: z.literal('scope'), kind: z.literal('none') }),
  z.object({
    object: z.literal('scope'),
    kind: z.literal('all'),
    organization_id: organizationId,
    resource_type_slug: knownSlug,
  }),
  z.object({
    object: z.literal('scope'),
    kind: z.literal('some'),
    organization_id: organizationId,
    resource_type_slug: knownSlug,
    within: z.tuple([resourceAddress], resourceAddress),
    except: z.array(resourceAddress),
  }),
])
/** The JSON of a scope. */
export type ScopeJson = z.infer<typeof scope>

/** Tell a scope. */
export function renderScope(scope: Scope): ScopeJson {
  if (scope.kind === 'none') return { object: 'scope', kind: 'none' }
  const place = { organization_id: scope.organizationId, resource_type_slug: scope.type }
  switch (scope.kind) {
    case 'all':
      return { object: 'scope', kind: 'all', ...place }
    case 'some': {
      const [first, ...rest] = scope.within
      return {
        object: 'scope',
        kind: 'some',
        ...place,
        within: [renderResourceAddress(first), ...rest.map(renderResourceAddress)],
        except: scope.except.map(renderResourceAddress),
      }
    }
    default:
      return assertNever(scope)
  }
}

/** Read a scope from an answer. @throws {ZodError} for anything that is none. */
export function parseScope(json: unknown): Scope {
  const told = scope.parse(json)
  switch (told.kind) {
    case 'none':
      return { kind: 'none' }
    case 'all':
      return { kind: 'all', organizationId: told.organization_id, type: told.resource_type_slug }
    case 'some': {
      const [first, ...rest] = told.within
      return {
        kind: 'some',
        organizationId: told.organization_id,
        type: told.resource_type_slug,
        within: [parseResourceAddress(first), ...rest.map(parseResourceAddress)],
        except: told.except.map(parseResourceAddress),
      }
    }
    default:
      return assertNever(told)
  }
}
