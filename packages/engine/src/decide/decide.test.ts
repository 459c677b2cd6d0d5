import { compileModel } from '@bailiwick/core'
import { describe, expect, test } from 'vitest'
import { acme, agent, ann, assign, bob, definition, may, openAcme, project } from '../fixtures/acme.js'
import { memoryStore } from '../store/memory-store.js'

const question = { organizationId: acme, subject: ann, permission: 'project:edit', resource: project('web') }

test('who acts for others is asked for up to ten of them, with the reasons and without', async () => {
  const engine = await openAcme({ store: memoryStore({ access: 'exclusive' }) })
  for (const subject of [ann, bob]) await assign(engine, subject, 'project-editor', project('web'))
  const chain = (length: number) => ({ ...question, onBehalfOf: Array.from({ length }, () => bob) })
  expect(await engine.check(chain(10))).toMatchObject({ kind: 'allow' })
  expect(engine.atOnce.allows(chain(10))).toBe(true)
  await expect(engine.check(chain(11))).rejects.toMatchObject({ code: 'input_invalid' })
  expect(() => engine.atOnce.allows(chain(11))).toThrow(/at most 10/)
})

test('a resource that is not able to act is no agent', async () => {
  const engine = await openAcme({ store: memoryStore({ access: 'exclusive' }) })
  await assign(engine, agent('helper'), 'project-editor', project('web'))
  expect(await may(engine, agent('helper'), 'project:edit', project('web'))).toBe('allow')
  const left = { agent: project('web') }
  expect(await may(engine, left, 'project:edit', project('web'))).toBe('agent_unknown')
  expect(engine.atOnce.allows({ ...question, subject: left })).toBe(false)
})

describe('what a decision tells', () => {
  test('is five near misses at most, and every one when it is explained', async () => {
    const more = Array.from({ length: 6 }, (_, n) => [
      `editor-${n}`,
      { on: 'project', permissions: ['project:edit'] },
    ])
    const roles = { ...definition.roles, ...Object.fromEntries(more) }
    const engine = await openAcme({ model: compileModel({ ...definition, roles }) })
    expect(await engine.check(question)).toHaveProperty('nearestMisses.length', 5)
    expect((await engine.explain(question)).decision).toHaveProperty('nearestMisses.length', 9)
  })

  test('is every exclusion that stands in the way, when it is explained', async () => {
    const engine = await openAcme()
    await assign(engine, ann, 'project-editor', project('web'))
    const made: string[] = []
    for (const at of [{}, { resource: project('web') }, { resource: project('site') }]) {
      const input = { organizationId: acme, subject: ann, permission: 'project:edit', ...at }
      made.push((await engine.createExclusion(input)).value.id)
    }
    const { decision, sentences } = await engine.explain(question)
    const there = made.slice(0, 2)
    expect(decision).toMatchObject({
      reason: 'excluded',
      exclusions: there.map((id) => ({ exclusionId: id })),
    })
    expect(sentences.slice(1)).toEqual([
      `exclusion \`${made[0]}\` denies it to membership \`om_ann\` on organization \`org_acme\` and below`,
      `exclusion \`${made[1]}\` denies it to membership \`om_ann\` on project \`web\` and below`,
    ])
  })
})
