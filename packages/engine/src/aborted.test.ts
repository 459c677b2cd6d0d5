import type { CheckOptions } from '@bailiwick/core'
import { describe, expect, test } from 'vitest'
import type { EmbeddedEngine } from './embedded-engine.js'
import { acme, ann, openAcme, project } from './fixtures/acme.js'
import { watchedStore } from './fixtures/watched-store.js'
import { openEngine } from './open-engine.js'
import { memoryStore } from './store/memory-store.js'

const question = {
  organizationId: acme,
  subject: ann,
  permission: 'project:edit',
  resource: project('web'),
}
const type = 'project'

const questions: readonly (readonly [
  string,
  (engine: EmbeddedEngine, options: CheckOptions) => Promise<unknown>,
])[] = [
  ['check', (engine, options) => engine.check(question, options)],
  ['checkMany', (engine, options) => engine.checkMany([question], options)],
  ['explain', (engine, options) => engine.explain(question, options)],
  ['listResources', (engine, options) => engine.listResources({ ...question, type }, options)],
  ['listSubjects', (engine, options) => engine.listSubjects(question, options)],
  ['scope', (engine, options) => engine.scope({ ...question, type }, options)],
  ['effectivePermissions', (engine, options) => engine.effectivePermissions(question, options)],
  ['hasResource', (engine, options) => engine.hasResource(acme, project('web'), options)],
  ['isExcludedSomewhere', (engine, options) => engine.isExcludedSomewhere(acme, 'project:edit', options)],
]

describe.each(questions)('%s', (_, ask) => {
  test('gets no answer once its signal has aborted, and one while it has not', async () => {
    const engine = await openAcme()
    const leaving = new AbortController()
    await expect(ask(engine, { signal: leaving.signal })).resolves.toBeDefined()
    leaving.abort(new Error('no longer wanted'))
    await expect(ask(engine, { signal: leaving.signal })).rejects.toThrow('no longer wanted')
  })

  test('ends with its signal while the organization is being read; others get their answer', async () => {
    const store = memoryStore()
    await openAcme({ store })
    let gate: Promise<void> | undefined
    const watched = watchedStore(store, async (_method, call) => {
      await gate
      return call()
    })
    const engine = await openEngine({ store: watched.open })
    let goOn = () => {}
    gate = new Promise((open) => {
      goOn = open
    })
    const leaving = new AbortController()
    const left = ask(engine, { signal: leaving.signal })
    const stayed = ask(engine, { signal: new AbortController().signal })
    leaving.abort(new Error('no longer wanted'))
    await expect(left).rejects.toThrow('no longer wanted')
    goOn()
    await expect(stayed).resolves.toBeDefined()
  })
})
