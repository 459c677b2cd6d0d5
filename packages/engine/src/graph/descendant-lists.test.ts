import { describe, expect, test } from 'vitest'
import { Random } from '../lists/fixtures/random.js'
import { RandomOrganization } from '../lists/fixtures/random-organization.js'
import type { OrganizationGraph } from './organization-graph.js'

const seed = Number(process.env.SEED ?? Math.floor(Math.random() * 1_000_000_000))
const sizes = {
  resources: 60,
  memberships: 3,
  groups: 1,
  assignments: 5,
  mappings: 0,
  exclusions: 0,
  hoard: 0,
}

describe('lists of what lies below a resource', () => {
  test(`are as true after any change as when they were made (SEED=${seed})`, async () => {
    const random = new Random(seed)
    let kept = 0
    for (let i = 0; i < 20; i++) {
      const { graph, change, resources } = await drawn(random)
      const places = resources
        .slice(0, 25)
        .flatMap(({ id }) => types.flatMap((type) => depths.map((depth) => ({ id, type, depth }))))
      for (let j = 0; j < 30; j++) {
        for (const { id, type, depth } of places) {
          const top = graph.resources.findById(id)
          const index = graph.environment.typeIndex(type)
          const known = graph.resources.below.find(top, index, depth)
          if (known !== undefined) kept += 1
          const list = known ?? graph.resources.below.make(top, index, depth)
          const ids = Array.from({ length: list.length }, (_, at) => graph.resources.id(list.at(at)))
          expect(ids, `${depth} of ${type} below ${id}`).toEqual(below(graph, id, type, depth))
        }
        change()
      }
    }
    expect(kept, 'lists that a change left alone or kept true').toBeGreaterThan(10_000)
  })
})

const types = ['project', 'app', 'folder']
const depths = ['subtree', 'children'] as const

async function drawn(random: Random) {
  const organization = await RandomOrganization.draw(random, 'multiple', sizes)
  const { graph, resources } = organization
  return {
    graph,
    // Those that are never removed.
    resources: resources.filter(({ type }) => type !== 'app'),
    change: () => organization.change(),
  }
}

/** By going up from every resource there is. */
function below({ resources, environment }: OrganizationGraph, id: string, type: string, depth: string) {
  const top = resources.findById(id)
  const all = resources.ofType(environment.typeIndex(type))
  return Array.from({ length: all.length }, (_, at) => all.at(at))
    .filter((entry) => {
      if (depth === 'children') return resources.parent(entry) === top
      for (let up = resources.parent(entry); up >= 0; up = resources.parent(up)) if (up === top) return true
      return false
    })
    .map((entry) => resources.id(entry))
}
