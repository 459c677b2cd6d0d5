import { type CheckQuestion, defineModel, type MembershipId, type OrganizationId } from '@bailiwick/core'
import { memoryStore, openEngine } from '@bailiwick/engine'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { decideAtOnce } from './decide-at-once.js'

const acme = 'org_acme' as OrganizationId
const ann = 'om_ann' as MembershipId
const model = defineModel({
  resourceTypes: {},
  permissions: { plan: 'organization', pay: 'organization' },
  roles: { planner: { on: 'organization', permissions: ['plan'] } },
})

const asking = (permission: string, organizationId = acme): CheckQuestion => ({
  organizationId,
  subject: { membershipId: ann },
  permission,
})

async function startEngine(access: 'exclusive' | 'shared') {
  const engine = await openEngine({ store: memoryStore({ access }), model })
  await engine.createOrganization({ id: acme, name: 'Acme' })
  await engine.createMembership({ organizationId: acme, id: ann, userId: 'ann', roles: ['planner'] })
  return engine
}

describe('checks of an organization', () => {
  let engine: Awaited<ReturnType<typeof openEngine>>

  beforeEach(async () => {
    // Nobody else writes to it, so that what is in memory is the latest.
    engine = await startEngine('exclusive')
  })
  afterEach(() => engine.close())

  test('in memory are decided at once, as the engine decides them when it is asked', async () => {
    const questions = [asking('plan'), asking('pay'), asking('plan')]
    const decisions = decideAtOnce(engine, questions)
    expect(decisions?.map(({ kind }) => kind)).toEqual(['allow', 'deny', 'allow'])
    expect(decisions).toEqual(await engine.checkMany(questions))
  })

  test('to which others may have written are asked', async () => {
    const shared = await startEngine('shared')
    expect(decideAtOnce(shared, [asking('plan')])).toBeUndefined()
    await shared.close()
  })

  test('of which one is about an organization that is not in memory are asked, all of them', () => {
    expect(
      decideAtOnce(engine, [asking('plan'), asking('plan', 'org_globex' as OrganizationId)]),
    ).toBeUndefined()
  })

  test('of which one is for a permission that nobody knows are asked, all of them', () => {
    expect(decideAtOnce(engine, [asking('plan'), asking('plann')])).toBeUndefined()
  })

  test('are asked where an engine answers nothing at once', () => {
    expect(decideAtOnce({ model: engine.model }, [asking('plan')])).toBeUndefined()
  })

  test('are asked once the engine is closed', async () => {
    await engine.close()
    expect(decideAtOnce(engine, [asking('plan')])).toBeUndefined()
  })
})
