import type { ConsistencyToken } from '@bailiwick/core'
import { describe, expect, test } from 'vitest'
import { backupText, openBackup, restoreBackup } from './backup/index.js'
import type { EmbeddedEngine } from './embedded-engine.js'
import { acme, ann, create, openAcme, workspace } from './fixtures/acme.js'
import { openEngine } from './open-engine.js'
import { memoryStore } from './store/memory-store.js'
import type { StoreOpener } from './store/store.js'

describe.each(['shared', 'exclusive'] as const)('after a restore (%s), a consistency token', (access) => {
  test('of a write that the backup holds is honoured', async () => {
    const first = await openAcme()
    const { token } = await rename(first, 'before')
    const second = await openEngine({ store: await restored(first, access) })
    expect(await ask(second, token)).toBe('answered')
    await second.reach(token)
  })

  test('of a write that came later is refused, also when its revision was written anew', async () => {
    const first = await openAcme()
    const store = await restored(first, access)
    const { token: lost } = await rename(first, 'after the backup')
    const second = await openEngine({ store })
    expect(await ask(second, lost)).toBe('consistency_token_lost')
    await rename(second, 'by somebody else')
    await rename(second, 'and again')
    expect(await ask(second, lost)).toBe('consistency_token_lost')
    await expect(second.reach(lost)).rejects.toMatchObject({ code: 'consistency_token_lost' })
  })

  test('of the store itself goes on, and means nothing to the first one', async () => {
    const first = await openAcme()
    const second = await openEngine({ store: await restored(first, access) })
    const { token } = await rename(second, 'now')
    expect(await ask(second, token)).toBe('answered')
    expect(await ask(first, token)).toBe('consistency_token_foreign')
  })

  test('is honoured over a second restore as far as both backups hold it', async () => {
    const first = await openAcme()
    const { token: old } = await rename(first, 'one')
    const second = await openEngine({ store: await restored(first, access) })
    const { token: lost } = await rename(first, 'two')
    const { token: kept } = await rename(second, 'another two')
    const third = await openEngine({ store: await restored(second, access) })
    const { token: late } = await rename(second, 'three')
    await rename(third, 'another three')
    expect([await ask(third, old), await ask(third, kept)]).toEqual(['answered', 'answered'])
    expect([await ask(third, lost), await ask(third, late)]).toEqual([
      'consistency_token_lost',
      'consistency_token_lost',
    ])
  })
})

async function restored(engine: EmbeddedEngine, access: 'shared' | 'exclusive'): Promise<StoreOpener> {
  const opener = memoryStore({ access })
  const store = await opener()
  const { changes, notebook } = engine
  await restoreBackup(store, await openBackup(backupText({ changes, notebook, clock: Date.now })))
  await store.close()
  return opener
}

async function rename(engine: EmbeddedEngine, externalId: string): Promise<{ token: ConsistencyToken }> {
  await create(engine, workspace(externalId))
  return engine.renameResource(acme, workspace(externalId), { name: 'New' })
}

async function ask(engine: EmbeddedEngine, atLeast: ConsistencyToken): Promise<string> {
  const question = { organizationId: acme, subject: ann, permission: 'project:view' }
  return engine.check(question, { consistency: { atLeast } }).then(
    () => 'answered',
    ({ code }) => code,
  )
}
