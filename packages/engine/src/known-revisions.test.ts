import { environmentShard, type Revision, type ShardId } from '@bailiwick/core'
import { expect, test } from 'vitest'
import { acme, ann, assign, may, openAcme } from './fixtures/acme.js'
import { openEngine } from './open-engine.js'
import { memoryStore } from './store/memory-store.js'
import type { Store } from './store/store.js'

/** A store that others write, and that has heard of what this says; it counts how often it is asked. */
function hearing(store: Store, heard: Map<ShardId, Revision>) {
  let asked = 0
  const known = new Proxy(store, {
    get(target, property) {
      if (property === 'known') return (shard: ShardId) => heard.get(shard)
      if (property === 'revision' || property === 'load' || property === 'commitsSince') asked++
      const value = Reflect.get(target, property, target) as unknown
      return typeof value === 'function' ? value.bind(target) : value
    },
  })
  return { known, asked: () => asked }
}

test('a shared store that knows its revisions by itself is asked only when they have moved', async () => {
  const store = memoryStore()
  const writer = await openAcme({ store })
  const own = await store()
  const heard = new Map<ShardId, Revision>()
  const listen = async () => {
    for (const shard of [acme, environmentShard] as const) heard.set(shard, await own.revision(shard))
  }
  await listen()
  const { known, asked } = hearing(await store(), heard)
  const reader = await openEngine({ store: async () => known })
  const project = { type: 'project', externalId: 'site' }
  const before = await may(reader, ann, 'project:edit', project)
  const atFirst = asked()
  expect(await may(reader, ann, 'project:edit', project)).toBe(before)
  expect(asked()).toBe(atFirst)

  await assign(writer, ann, 'project-editor', project)
  expect(await may(reader, ann, 'project:edit', project)).toBe(before)
  await listen()
  expect(await may(reader, ann, 'project:edit', project)).toBe('allow')
  expect(asked()).toBeGreaterThan(atFirst)

  await writer.updateRole('project-editor', { permissions: { remove: ['project:edit'] } })
  await listen()
  expect(await may(reader, ann, 'project:edit', project)).not.toBe('allow')
})
