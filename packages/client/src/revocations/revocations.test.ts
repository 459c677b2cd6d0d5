import {
  type Commit,
  Misconfigured,
  parseMembershipId,
  parseOrganizationId,
  parseUserId,
  type Session,
} from '@bailiwick/core'
import { beforeEach, describe, expect, test } from 'vitest'
import { Revocations } from './revocations.js'

const acme = parseOrganizationId('org_acme')
const start = 1_700_000_000
let nowSec: number
let revocations: Revocations

beforeEach(() => {
  nowSec = start
  revocations = new Revocations({ rememberForSec: 300, clock: () => nowSec * 1_000 })
})

function session(of: Partial<Session> = {}): Session {
  return {
    userId: parseUserId('user_ada'),
    organizationId: acme,
    membershipId: parseMembershipId('om_ada'),
    actors: [],
    roles: [],
    permissions: [],
    sessionId: 'session_1',
    issuedAt: start,
    expiresAt: start + 300,
    claims: {},
    ...of,
  }
}

describe('what is revoked', () => {
  test.each<[string, (list: Revocations) => void, Partial<Session>]>([
    ['a login', (list) => list.revokeSession('session_1'), { sessionId: 'session_2' }],
    ['a user', (list) => list.revokeUser('user_ada'), { userId: parseUserId('user_lin') }],
    [
      'a membership',
      (list) => list.revokeMembership('om_ada'),
      { membershipId: parseMembershipId('om_lin') },
    ],
  ])('%s, and nothing beside it', (_, revoke, other) => {
    expect(revocations.isRevoked(session())).toBe(false)
    revoke(revocations)
    expect(revocations.isRevoked(session())).toBe(true)
    expect(revocations.isRevoked(session(other))).toBe(false)
  })

  test('are the tokens issued until then: whoever signs in anew is back', () => {
    nowSec = start + 10
    revocations.revokeUser('user_ada')
    expect(revocations.isRevoked(session({ issuedAt: start + 10 }))).toBe(true)
    expect(revocations.isRevoked(session({ issuedAt: start + 11 }))).toBe(false)
  })

  test('are all tokens of a login, those too that it is given afterwards', () => {
    nowSec = start + 10
    revocations.revokeSession('session_1')
    expect(revocations.isRevoked(session({ issuedAt: start + 11 }))).toBe(true)
    expect(revocations.isRevoked(session({ issuedAt: start + 11, sessionId: 'session_2' }))).toBe(false)
  })

  test('is forgotten when no token can be left, and never earlier, however many follow', () => {
    revocations.revokeUser('user_ada')
    nowSec = start + 300
    for (let each = 0; each < 10_000; each += 1) revocations.revokeSession(`session_${each}`)
    expect(revocations.isRevoked(session({ sessionId: undefined }))).toBe(true)
    nowSec = start + 301
    revocations.revokeSession('one more')
    expect(revocations.isRevoked(session({ sessionId: undefined }))).toBe(false)
  })

  test('is forgotten in its time, also when what came before it was revoked again', () => {
    revocations.revokeUser('user_lin')
    nowSec = start + 1
    revocations.revokeUser('user_ada')
    nowSec = start + 200
    revocations.revokeUser('user_lin')
    nowSec = start + 302
    revocations.revokeSession('one more')
    expect(revocations.isRevoked(session())).toBe(false)
    expect(revocations.isRevoked(session({ userId: parseUserId('user_lin') }))).toBe(true)
  })

  test('one kind of id is never taken for another', () => {
    revocations.revokeSession('user_ada')
    revocations.revokeMembership('session_1')
    expect(revocations.isRevoked(session())).toBe(false)
  })
})

describe('a commit of the change feed', () => {
  const commit = (...changes: Commit['changes']): Commit => ({
    shard: acme,
    revision: 1,
    at: '2026-01-01T00:00:00.000Z',
    changes,
  })
  const membership = (status: 'active' | 'inactive' | 'pending') => ({
    op: 'put' as const,
    kind: 'membership' as const,
    entity: {
      id: parseMembershipId('om_ada'),
      organizationId: acme,
      userId: parseUserId('user_ada'),
      status,
      roles: [],
      rolesChosen: false,
      createdAt: '2026-01-01T00:00:00.000Z',
      updatedAt: '2026-01-01T00:00:00.000Z',
    } as never,
  })

  test.each(['inactive', 'pending'] as const)(
    'that makes a membership %s revokes it, also for tokens that do not name it',
    (status) => {
      revocations.hear(commit(membership('active')))
      expect(revocations.isRevoked(session())).toBe(false)
      revocations.hear(commit(membership(status)))
      expect(revocations.isRevoked(session())).toBe(true)
      expect(revocations.isRevoked(session({ membershipId: undefined }))).toBe(true)
      const elsewhere = parseOrganizationId('org_globex')
      expect(revocations.isRevoked(session({ membershipId: undefined, organizationId: elsewhere }))).toBe(
        false,
      )
    },
  )

  test('that removes a membership or a user revokes it', () => {
    revocations.hear(commit({ op: 'remove', kind: 'membership', id: 'om_ada' }))
    expect(revocations.isRevoked(session())).toBe(true)
    const others = session({ membershipId: parseMembershipId('om_lin') })
    expect(revocations.isRevoked(others)).toBe(false)
    revocations.hear(commit({ op: 'remove', kind: 'user', id: 'user_ada' }))
    expect(revocations.isRevoked(others)).toBe(true)
  })
})

test('a list that forgets at once is a mistake', () => {
  for (const rememberForSec of [0, -1, 0.5, Number.NaN]) {
    expect(() => new Revocations({ rememberForSec })).toThrow(Misconfigured)
  }
})
