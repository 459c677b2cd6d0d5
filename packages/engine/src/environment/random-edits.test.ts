import { isAuthorizationError } from '@bailiwick/core'
import { describe, expect, onTestFinished, test } from 'vitest'
import type { EmbeddedEngine } from '../embedded-engine.js'
import { acme, ann, assign, bob, create, may, openAcme, project, workspace } from '../fixtures/acme.js'
import { Random } from '../lists/fixtures/random.js'
import { openEngine } from '../open-engine.js'
import { memoryStore } from '../store/memory-store.js'

const seed = Number(process.env.SEED ?? Math.floor(Math.random() * 1_000_000_000))

const subjects = [ann, bob]
const root = { type: 'organization', externalId: acme }
const places = [root, workspace('eng'), workspace('ops'), project('web'), project('site')]
const names = ['a', 'b', 'c', 'd']
const types = ['organization', 'workspace', 'project']

describe(`a model that changes at random (seed ${seed}; SEED=${seed} draws the same)`, () => {
  test('answers as one that is opened anew, and refuses what it refuses', async () => {
    const random = new Random(seed)
    const met = { allow: 0, deny: 0, done: 0, refused: 0 }
    for (let world = 0; world < 4 || (world < 20 && least(met) < enough); world++) {
      const store = memoryStore()
      const engine = await openAcme({ store })
      onTestFinished(() => engine.close())
      for (let round = 0; round < 25; round++) {
        // Several at once, so that writes of the organization meet changes of the model.
        const outcomes = await Promise.allSettled(Array.from({ length: 6 }, () => change(random, engine)))
        for (const outcome of outcomes) {
          met[outcome.status === 'fulfilled' ? 'done' : 'refused'] += 1
          if (outcome.status === 'rejected') expectRefusal(outcome.reason)
        }
        await compare(store, engine, met)
      }
    }
    expect(least(met), JSON.stringify(met)).toBeGreaterThanOrEqual(enough)
  })
})

/** Of each kind of outcome. In some worlds nearly nobody may do anything: then there are more of them. */
const enough = 200
const least = (met: Readonly<Record<string, number>>) => Math.min(...Object.values(met))

type Store = ReturnType<typeof memoryStore>

async function compare(store: Store, live: EmbeddedEngine, met: { allow: number; deny: number }) {
  const anew = await openEngine({ store })
  expect(await anew.listRoles()).toEqual(await live.listRoles())
  expect(await anew.listResourceTypes()).toEqual(await live.listResourceTypes())
  expect(await anew.getSettings()).toEqual(await live.getSettings())
  const { items } = await live.listPermissions({ limit: 100 })
  expect((await anew.listPermissions({ limit: 100 })).items).toEqual(items)
  for (const { slug } of items) {
    for (const subject of subjects) {
      for (const place of places) {
        const answer = await may(live, subject, slug, place)
        expect(await may(anew, subject, slug, place)).toBe(answer)
        met[answer === 'allow' ? 'allow' : 'deny'] += 1
      }
    }
  }
  await anew.close()
}

function expectRefusal(error: unknown): void {
  if (!isAuthorizationError(error) || error.kind === 'unavailable') throw error
}

/** One change of the model, or one write in the organization; mostly such as give somebody something. */
function change(random: Random, engine: EmbeddedEngine): Promise<unknown> {
  const { model } = engine
  const subject = random.pick(subjects)
  const slug = random.pick(names)
  const permission = `do:${random.pick(names)}`
  const on = random.pick(types)
  const type = `type-${random.pick(names)}`
  const role = model.roles.get(slug)
  const fitting = [...model.permissions.values()]
    .filter((each) => role === undefined || model.type(role.on).selfAndBelow.has(each.on))
    .map((each) => each.slug)
  const place = random.pick(places.filter((each) => each.type === (role?.on ?? on)))
  const give = () => assign(engine, subject, slug, place)
  const fill = () => engine.updateRole(slug, { permissions: { add: [random.pick(fitting)] } })
  const changes: readonly (() => Promise<unknown>)[] = [
    ...Array<typeof give>(6).fill(give),
    ...Array<typeof fill>(6).fill(fill),
    () => engine.createPermission({ slug: permission, on }),
    () => engine.createPermission({ slug: permission, on }),
    () => engine.deletePermission(permission),
    () => engine.createRole({ slug, on, permissions: random.chance(0.5) ? [permission] : [] }),
    () => engine.createRole({ slug, on }),
    () => engine.deleteRole(slug),
    () => engine.updateRole(slug, { permissions: { remove: [permission] } }),
    () => engine.changeSettings({ roleMode: random.pick(['single', 'multiple']), rolePriority: [slug] }),
    () => engine.createResourceType({ slug: type, parents: [on] }),
    () => engine.deleteResourceType(type),
    () => create(engine, { type, externalId: slug }, place),
    () => engine.deleteResource(acme, { type, externalId: slug }, { cascade: true }),
    () => engine.setMembershipRoles(acme, subject, random.chance(0.8) ? [slug] : []),
    () => engine.replaceAssignments(acme, subject, []),
  ]
  const exclude = () => engine.createExclusion({ organizationId: acme, subject, permission, resource: place })
  return random.chance(0.03) ? exclude() : random.pick(changes)()
}
