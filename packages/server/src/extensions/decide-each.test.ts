import {
  type ConsistencyToken,
  ConsistencyTokenInvalid,
  defineModel,
  type OrganizationId,
  PermissionUnknown,
  StoreUnavailable,
} from '@bailiwick/core'
import { memoryStore, openEngine } from '@bailiwick/engine'
import { expect, test } from 'vitest'
import { type AskedCheck, type Decider, decideEach } from './decide-each.js'

const acme = 'org_acme' as OrganizationId
const roles = { admin: { on: 'organization', permissions: ['plan'] } } as const
const model = defineModel({
  resourceTypes: {},
  permissions: { plan: 'organization', pay: 'organization' },
  roles,
})
const laterModel = defineModel({ resourceTypes: {}, permissions: { plan: 'organization' }, roles })

async function startEngine() {
  const engine = await openEngine({ store: memoryStore(), model: laterModel })
  await engine.createOrganization({ id: acme, name: 'Acme' })
  await engine.createMembership({ organizationId: acme, userId: 'ann', roles: ['admin'] })
  return engine
}

const asking = (permission: string): AskedCheck => ({
  question: { organizationId: acme, subject: { userId: 'ann' }, permission },
  explain: false,
})

test('a permission that goes while a batch is read spoils no other check', async () => {
  const engine = await startEngine()
  const decider: Decider = {
    // As it was when the batch was read.
    model,
    check: (question, options) => engine.check(question, options),
    checkMany: (questions, options) => engine.checkMany(questions, options),
    explain: (question, options) => engine.explain(question, options),
    organizationOf: (id) => engine.organizationOf(id),
  }
  const outcomes = await decideEach(decider, [asking('plan'), asking('pay'), asking('plan')], {})
  expect(outcomes).toMatchObject([
    { kind: 'decided', decision: { kind: 'allow' } },
    { kind: 'failed', error: expect.any(PermissionUnknown) },
    { kind: 'decided', decision: { kind: 'allow' } },
  ])
})

test('a consistency token that is none concerns all checks', async () => {
  const engine = await startEngine()
  const consistency = { atLeast: 'nonsense' as ConsistencyToken }
  await expect(decideEach(engine, [asking('plan')], { consistency })).rejects.toThrow(ConsistencyTokenInvalid)
})

test('nothing is decided once the engine cannot be asked', async () => {
  const engine = await startEngine()
  await engine.close()
  await expect(decideEach(engine, [asking('plan')], {})).rejects.toThrow(StoreUnavailable)
})
