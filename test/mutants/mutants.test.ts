import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import type { EnginePlace } from '../doors/engine-places.js'
import { agree } from '../oracle/agree.js'
import { type Mutant, mutants, mutate } from './mutants.js'

// Bounded and always the same, so that a mutant is caught every time or never.
const session = { seed: 7, worlds: 40, questionsPerWorld: 1_200, commandsAtOnce: 4 }

// In `npm test` a handful, one of each room; `npm run test:mutants` tries all.
const handful = [
  'denials-forgotten',
  'delegation-ignored',
  'sign-in-before-directory',
  'shallow-cascade',
  'region-of-one',
]
const tried = process.env.MUTANTS === 'all' ? mutants : mutants.filter(({ name }) => handful.includes(name))

test('the engine as it is agrees with the oracle', async () => {
  const worlds = 2
  const tally = await agree({ ...session, worlds, place: await memoryPlace('none') })
  expect(tally.questions).toBeGreaterThanOrEqual(worlds * session.questionsPerWorld)
})

test('every mutant is a change of the engine as it is', () => {
  expect(mutants.length).toBeGreaterThanOrEqual(30)
  for (const mutant of mutants) expectMutated(mutant)
})

describe('the oracle notices when', () => {
  for (const mutant of tried) {
    test(mutant.mistake, async () => {
      expectMutated(mutant)
      const place = await memoryPlace(mutant.name)
      // Some mistakes are noticed by the engine itself, when a commit names what is not there.
      await expect(agree({ ...session, place })).rejects.toThrow()
    })
  }
})

test('a mutant whose text is no longer there is an error, not a mutant that nobody caught', () => {
  const [mutant] = mutants as readonly [Mutant]
  const [edit] = mutant.edits as readonly [Mutant['edits'][number]]
  expect(() => mutate(mutant, edit.file, 'other text')).toThrow(/is stale: .* stands 0 times/)
  expect(() => mutate(mutant, edit.file, edit.find.repeat(2))).toThrow(/is stale: .* stands 2 times/)
})

async function memoryPlace(mutant: string): Promise<() => EnginePlace> {
  const source = `mutant:${mutant}`
  const { memoryStore, openEngine } = (await import(source)) as typeof import('@bailiwick/engine')
  return () => {
    const store = memoryStore({ access: 'exclusive' })
    return { open: (model) => openEngine({ store, model }), discard() {} }
  }
}

/** Also where a file has moved, and the plugin would never meet it. */
function expectMutated(mutant: Mutant): void {
  for (const { file } of mutant.edits) {
    const source = readFileSync(new URL(`../../packages/engine/src/${file}`, import.meta.url), 'utf8')
    expect(mutate(mutant, file, source)).not.toBe(source)
  }
}
