import { describe, expectTypeOf, test } from 'vitest'
import { param } from './locator.js'
import type { PermissionArguments } from './permission-options.js'

const resource = { resource: param('id') }
const aloud = { scope: 'organization' } as const

/** Stands for a guard of a permission on `Type`. */
declare function guard<Type extends string>(...options: PermissionArguments<Type>): void

describe('the options of a guard', () => {
  test('must say which resource, or the whole organization, when the permission is on a resource', () => {
    guard<'project'>(resource)
    guard<'project'>(aloud)
    guard<'project'>({ ...resource, fresh: true, conceal: true, tenantScoped: true })
    // @ts-expect-error nothing is said
    guard<'project'>()
    // @ts-expect-error nothing is said of the resource
    guard<'project'>({ fresh: true })
    // @ts-expect-error both are said
    guard<'project'>({ ...resource, ...aloud })
  })

  test('may say nothing when the permission is on the organization', () => {
    guard<'organization'>()
    guard<'organization'>({ fresh: true })
    guard<'organization'>(resource)
    guard<'organization'>(aloud)
    // @ts-expect-error both are said
    guard<'organization'>({ ...resource, ...aloud })
  })

  test('must say it when the permission may be on either', () => {
    guard<'organization' | 'project'>(aloud)
    // @ts-expect-error nothing is said
    guard<'organization' | 'project'>()
  })

  test('may say nothing while no model is registered', () => {
    guard<string>()
    guard<string>(resource)
  })

  test('know no other words', () => {
    // @ts-expect-error a scope is the organization, or not said
    guard<'project'>({ scope: 'workspace' })
    // @ts-expect-error a locator, not a name
    guard<'project'>({ resource: 'id' })
  })

  test('give a locator function the request of its framework', () => {
    interface Native {
      readonly tenant: string
    }
    const options: PermissionArguments<'project', Native>[0] = {
      resource: ({ native }) => {
        expectTypeOf(native).toEqualTypeOf<Native>()
        return { type: 'project', externalId: native.tenant }
      },
    }
    expectTypeOf(options).not.toBeAny()
  })
})
