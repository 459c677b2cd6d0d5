import {
  type DenyReason,
  defineModel,
  parseMembershipId,
  parseOrganizationId,
  type Session,
} from '@bailiwick/core'
import { memoryStore, openEngine } from '@bailiwick/engine'
import { beforeAll, describe, expect, test } from 'vitest'
import { Authorizer } from '../authorizer.js'
import { sentencesWithGrant } from './grant-line.js'

const model = defineModel({
  resourceTypes: { project: { parents: ['organization'] } },
  permissions: { 'project:edit': 'project' },
  roles: { editor: { on: 'project', permissions: ['project:edit'] } },
})
const organizationId = parseOrganizationId('org_acme')
const target = { type: 'project', externalId: 'web' } as const
const session = {
  userId: "o'hara",
  organizationId,
  membershipId: parseMembershipId('om_ohara'),
  actors: [],
  roles: [],
  permissions: [],
  issuedAt: 0,
  expiresAt: 0,
} as unknown as Session

let authz: Authorizer
beforeAll(async () => {
  const engine = await openEngine({ store: memoryStore(), model })
  authz = new Authorizer({ engine, session: { verify: async () => session } })
})

async function told(of: Session = session): Promise<readonly string[]> {
  const explanation = await authz.explain(of, 'project:edit', target)
  return sentencesWithGrant({ session: of, target, decision: explanation.decision }, explanation)
}

describe('a denial is explained with the call that comes next', () => {
  test('one after the other, from an engine that knows nothing to an allow', async () => {
    const reasons: DenyReason[] = []
    for (let calls = 0; calls < 4; calls++) {
      const decision = await authz.check(session, 'project:edit', target)
      if (decision.kind === 'allow') break
      reasons.push(decision.reason)
      if (decision.reason === 'resource_unknown') {
        expect((await told()).join()).not.toContain('to grant it')
        await authz.engine.createResource({ organizationId, ...target, name: 'Web' })
        continue
      }
      const call = /^to grant it: (.*)$/.exec((await told()).at(-1) ?? '')?.[1]
      await new Function('engine', `return (async () => { ${call} })()`)(authz.engine)
    }
    expect(reasons).toEqual(['organization_unknown', 'membership_unknown', 'resource_unknown', 'no_grant'])
    expect((await told())[0]).toMatch(/^allowed: /)
  })

  test('of a session in no organization by what its token lacks', async () => {
    const { organizationId: _, ...nowhere } = session
    expect(await told(nowhere as Session)).toEqual([
      'denied: the session belongs to no organization: its token has no `org_id`, or no claim of the name in `session.claims`',
    ])
  })

  test('that holds no longer is not told as an allow', async () => {
    const denied = { kind: 'deny', reason: 'no_grant', nearestMisses: [] } as const
    const explanation = await authz.explain(session, 'project:edit', target)
    expect(sentencesWithGrant({ session, target, decision: denied }, explanation)).toEqual([
      'denied when it was asked, and not any more',
      ...explanation.sentences,
    ])
  })
})
