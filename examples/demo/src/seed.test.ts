import type { AuthorizationEngine } from '@bailiwick/core'
import { memoryStore, openEngine, type StoreOpener } from '@bailiwick/engine'
import { acme, globex, model, people, seed } from '@bailiwick-examples/product'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'

describe('the seed', () => {
  let store: StoreOpener
  let engine: AuthorizationEngine

  beforeEach(async () => {
    store = memoryStore()
    engine = await openEngine({ store, model })
  })
  afterEach(() => engine.close())

  test('makes what is not there, and on the next start finds it', async () => {
    expect(await seed(engine)).toBeGreaterThan(0)
    const { membershipId } = people.pia
    const held = await engine.listAssignments(acme, { membershipId })

    const reopened = await openEngine({ store, model })
    expect(await seed(reopened)).toBe(0)
    expect(await reopened.listAssignments(acme, { membershipId })).toEqual(held)
    await reopened.close()
  })

  test('goes on where an earlier one was cut short', async () => {
    await seed(engine)
    await engine.deleteResource(globex, { type: 'project', externalId: 'reactor' })
    expect(await seed(engine)).toBe(1)
  })

  test('gives both customers a project of the same external id, and each its own', async () => {
    await seed(engine)
    const ref = { type: 'project', externalId: 'web' } as const
    const [ours, theirs] = [await engine.findResource(acme, ref), await engine.findResource(globex, ref)]
    expect(ours?.id).toBeDefined()
    expect(theirs?.id).not.toBe(ours?.id)
  })
})
