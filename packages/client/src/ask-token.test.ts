import type { AuthorizationEngine, CheckOptions } from '@bailiwick/core'
import { expect, test } from 'vitest'
import { Authorizer } from './authorizer.js'
import { ada, projectModel as model } from './fixtures/ada.js'

const { signal } = new AbortController()
const web = { type: 'project', externalId: 'web' }
const verifier = { verify: () => Promise.reject(new Error('nobody')) }

test('a question that may be called off tells the engine so, whatever it is asked on the way', async () => {
  const told: [string, CheckOptions | undefined][] = []
  const engine = {
    model,
    isExcludedSomewhere: async (_id: string, _slug: string, how?: CheckOptions) =>
      told.push(['exclusion', how]) === 0,
    hasResource: async (_id: string, _ref: object, how?: CheckOptions) => told.push(['resource', how]) === 0,
    check: async (_question: object, how?: CheckOptions) => {
      told.push(['check', how])
      return { kind: 'deny', reason: 'no_grant', nearestMisses: [] }
    },
    scope: async (_question: object, how?: CheckOptions) => {
      told.push(['scope', how])
      return { kind: 'none' }
    },
  } as unknown as AuthorizationEngine
  const authz = new Authorizer({ engine, session: verifier })
  await authz.check(ada, 'project:edit', web, { signal })
  const how = { signal }
  expect(told).toEqual([
    ['exclusion', how],
    ['resource', how],
    ['check', how],
  ])
  told.length = 0
  const newest = { ...how, consistency: 'latest' } as const
  await authz.scopeFor(ada, 'project:edit', 'project', newest)
  expect(told).toEqual([['scope', newest]])
})
