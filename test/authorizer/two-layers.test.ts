import { createAuthorizer, decidedBy, type Target } from '@bailiwick/client'
import { type AuthorizationEngine, defineModel, type OrganizationId } from '@bailiwick/core'
import { type TestEngine, type TokenForOptions, testEngine } from '@bailiwick/testing'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'

const model = defineModel({
  resourceTypes: { workspace: { parents: ['organization'] }, project: { parents: ['workspace'] } },
  permissions: {
    'project:view': 'project',
    'project:edit': 'project',
    'project:delete': { on: 'project', fresh: true },
    'billing:manage': 'organization',
  },
  roles: {
    owner: {
      on: 'organization',
      permissions: ['project:view', 'project:edit', 'project:delete', 'billing:manage'],
    },
    'project-editor': { on: 'project', permissions: ['project:view', 'project:edit'] },
  },
})

const web = { type: 'project', externalId: 'web' }
const acmeOnly = { type: 'project', externalId: 'acme-only' }
const globexOnly = { type: 'project', externalId: 'globex-only' }

let bed: TestEngine<typeof model>

beforeEach(async () => {
  bed = await testEngine({
    model,
    organizations: {
      acme: {
        resources: { 'workspace:design': { 'project:web': {}, 'project:acme-only': {} } },
        people: {
          ada: { roles: ['owner'] },
          bob: { on: { 'project:web': 'project-editor' } },
          ian: { status: 'inactive' },
        },
      },
      globex: {
        resources: { 'workspace:design': { 'project:web': {}, 'project:globex-only': {} } },
        people: { gus: { roles: ['owner'] } },
      },
    },
  })
})

afterEach(() => bed.close())

/** The answer, and who gave it. */
async function ask(
  person: string,
  permission: string,
  target?: Target,
  {
    token = {},
    ...options
  }: Parameters<typeof bed.authz.check>[3] & { readonly token?: TokenForOptions } = {},
): Promise<string> {
  const decision = await bed.authz.check(await bed.sessionFor(person, token), permission, target, options)
  return `${decision.kind === 'allow' ? 'allow' : decision.reason} by ${decidedBy(decision)}`
}

/** What a token says that was issued before everything was taken from its bearer. */
const oldOwner: TokenForOptions = { roles: ['owner'] }

describe('the token layer', () => {
  test('answers for the whole organization, and the engine where the token is silent', async () => {
    expect(await ask('ada', 'billing:manage')).toBe('allow by token')
    expect(await ask('ada', 'billing:manage', undefined, { token: { permissions: [] } })).toBe(
      'allow by engine',
    )
    expect(await ask('bob', 'billing:manage')).toBe('no_grant by engine')
  })

  test('answers for a resource that the engine knows to be in the organization of the token', async () => {
    expect(await ask('ada', 'project:edit', acmeOnly)).toBe('allow by token')
    expect(await ask('bob', 'project:edit', web)).toBe('allow by engine')
    expect(await ask('bob', 'project:edit', acmeOnly)).toBe('no_grant by engine')
  })

  test('never opens the resource of another organization', async () => {
    expect(await ask('ada', 'project:edit', globexOnly)).toBe('resource_unknown by engine')
    const theirs = { resourceId: bed.resource('project:web', { in: 'globex' }).id }
    const ours = { resourceId: bed.resource('project:web', { in: 'acme' }).id }
    expect(await ask('ada', 'project:edit', theirs)).toBe('resource_unknown by engine')
    expect(await ask('ada', 'project:edit', ours)).toBe('allow by token')
    expect(await ask('gus', 'project:edit', theirs)).toBe('allow by token')
  })

  test('answers for an external id that two organizations use, in its own organization alone', async () => {
    // The same words name a project of each. What the handler then loads must be the one that was asked about:
    // it loads by the session's organization, or says which organization it loads from.
    expect(await ask('ada', 'project:edit', web)).toBe('allow by token')
    const inGlobex = { ...web, organizationId: 'org_globex' as OrganizationId }
    const inAcme = { ...web, organizationId: 'org_acme' as OrganizationId }
    expect(await ask('ada', 'project:edit', inGlobex)).toBe('organization_mismatch by engine')
    expect(await ask('ada', 'project:edit', inAcme)).toBe('allow by token')
    expect(await ask('gus', 'project:edit', inGlobex)).toBe('allow by token')
    expect(await ask('gus', 'project:edit', inAcme)).toBe('organization_mismatch by engine')
    // Not even with a promise that the handler cannot keep.
    expect(await ask('ada', 'project:edit', inGlobex, { tenantScoped: true })).toBe(
      'organization_mismatch by engine',
    )
  })

  test('asks after no resource once the locator has named the organization, or the handler loads by it', async () => {
    const find = vi.spyOn(bed.engine, 'hasResource')
    const check = vi.spyOn(bed.engine, 'check')
    const named = { ...web, organizationId: 'org_acme' as OrganizationId }
    expect(await ask('ada', 'project:edit', named)).toBe('allow by token')
    expect(await ask('ada', 'project:edit', globexOnly, { tenantScoped: true })).toBe('allow by token')
    expect(await ask('ada', 'billing:manage')).toBe('allow by token')
    expect(find).not.toHaveBeenCalled()
    expect(check).not.toHaveBeenCalled()
    expect(await ask('ada', 'project:edit', web)).toBe('allow by token')
    expect(find).toHaveBeenCalledTimes(1)
  })

  test('asks the engine for the latest where the check is to be fresh, and for what it has otherwise', async () => {
    const check = vi.spyOn(bed.engine, 'check')
    await ask('bob', 'project:edit', web, { fresh: true })
    await ask('bob', 'project:edit', web)
    expect(check.mock.calls.map(([, options]) => options)).toEqual([{ consistency: 'latest' }, undefined])
  })

  test('leaves a fresh permission to the engine, whatever the token says', async () => {
    expect(await ask('ada', 'project:delete', web)).toBe('allow by engine')
    expect(await ask('bob', 'project:delete', web, { token: oldOwner })).toBe('no_grant by engine')
    expect(await ask('bob', 'project:edit', acmeOnly, { token: oldOwner })).toBe('allow by token')
    expect(await ask('bob', 'project:edit', acmeOnly, { token: oldOwner, fresh: true })).toBe(
      'no_grant by engine',
    )
  })

  test('leaves a check that names a consistency to the engine: the token is older than the change', async () => {
    const { id, organizationId } = bed.membership('ada')
    const token = await bed.tokenFor('ada')
    const session = await bed.authz.authenticate(token)
    const written = await bed.engine.setMembershipRoles(organizationId, { membershipId: id }, [])
    const after = { consistency: { atLeast: written.token } }
    expect((await bed.authz.check(session, 'project:edit', web, after)).kind).toBe('deny')
    expect((await bed.authz.check(session, 'project:edit', web, { consistency: 'latest' })).kind).toBe('deny')
    expect((await bed.authz.check(session, 'project:edit', web)).kind).toBe('allow')
  })

  test('says nothing for a session without an organization, though it names permissions', async () => {
    const session = await bed.sessionFor('ada', { claims: { org_id: undefined } })
    expect(session.permissions).toContain('billing:manage')
    for (const target of [undefined, web, { ...web, organizationId: 'org_acme' as OrganizationId }]) {
      expect(await bed.authz.check(session, 'billing:manage', target)).toMatchObject({
        kind: 'deny',
        reason: 'organization_mismatch',
      })
    }
    expect(bed.authz.has(session, 'billing:manage')).toBe(false)
    expect(bed.authz.has(await bed.sessionFor('ada'), 'billing:manage')).toBe(true)
  })

  test('flags what the token alone grants, and no fresh permission', async () => {
    const ada = await bed.sessionFor('ada')
    expect(['project:edit', 'project:delete'].map((slug) => bed.authz.has(ada, slug))).toEqual([true, false])
    expect(bed.authz.has(await bed.sessionFor('bob'), 'project:edit')).toBe(false)
  })
})

describe('the engine layer', () => {
  test('finds the membership by user and organization when the token names none', async () => {
    const nameless = { token: { claims: { organization_membership_id: undefined } } }
    expect(await ask('bob', 'project:edit', web, nameless)).toBe('allow by engine')
    expect(await ask('bob', 'project:edit', acmeOnly, nameless)).toBe('no_grant by engine')
  })

  test('denies a membership of another organization that the token names', async () => {
    const crossed = { claims: { organization_membership_id: bed.membership('gus').id } }
    expect(await ask('bob', 'project:edit', web, { token: crossed })).toBe('membership_unknown by engine')
  })

  test('denies somebody whose membership is inactive', async () => {
    expect(await ask('ian', 'project:edit', web)).toBe('membership_inactive by engine')
  })

  test('refuses a mistyped permission aloud, with the one that was meant', async () => {
    await expect(ask('ada', 'project:edti', web)).rejects.toMatchObject({
      code: 'permission_unknown',
      nearest: 'project:edit',
    })
    const session = await bed.sessionFor('ada')
    expect(() => bed.authz.has(session, 'project:edti')).toThrow('project:edit')
  })
})

describe('an engine that does not answer', () => {
  const down = () => Promise.reject(new Error('the store is gone'))
  const silent = () => new Promise<never>(() => {})

  /** The authorizer over the same engine, with some of its answers lost. */
  function withEngine(lost: Partial<AuthorizationEngine>, deadlineMs = 60_000) {
    const engine = new Proxy(bed.engine, {
      get(whole, name) {
        const member = Reflect.get(lost, name) ?? Reflect.get(whole, name, whole)
        return typeof member === 'function' ? member.bind(whole) : member
      },
    })
    return createAuthorizer({ engine, session: bed.issuer.sessionOptions, deadlineMs })
  }

  test('is an error, and never an allow', async () => {
    const [ada, bob] = [await bed.sessionFor('ada'), await bed.sessionFor('bob')]
    await expect(withEngine({ check: down }).check(bob, 'project:edit', web)).rejects.toThrow(
      'the store is gone',
    )
    expect((await withEngine({}).check(bob, 'project:edit', web)).kind).toBe('allow')
    // Nor does the token answer for a resource that nobody confirms.
    await expect(withEngine({ hasResource: down }).check(ada, 'project:edit', web)).rejects.toThrow(
      'the store is gone',
    )
    // Nor while nobody can tell whether an exclusion stands in its way.
    await expect(withEngine({ isExcludedSomewhere: down }).check(ada, 'billing:manage')).rejects.toThrow(
      'the store is gone',
    )
    expect((await withEngine({ check: down }).check(ada, 'project:edit', web)).kind).toBe('allow')
  })

  test('is a timeout when it is silent past the deadline', async () => {
    const [ada, bob] = [await bed.sessionFor('ada'), await bed.sessionFor('bob')]
    const timeout = { code: 'decision_timeout', kind: 'unavailable', deadlineMs: 50 }
    await expect(withEngine({ check: silent }, 50).check(bob, 'project:edit', web)).rejects.toMatchObject(
      timeout,
    )
    await expect(withEngine({ explain: silent }, 50).explain(bob, 'project:edit', web)).rejects.toMatchObject(
      timeout,
    )
    const unconfirmed = withEngine({ hasResource: silent }, 50).check(ada, 'project:edit', web)
    await expect(unconfirmed).rejects.toMatchObject(timeout)
  })

  test.each([0, -1, 0.5, Number.NaN, Number.POSITIVE_INFINITY])(
    'cannot have %d ms for its answer',
    (deadlineMs) => {
      const { engine, issuer } = bed
      expect(() => createAuthorizer({ engine, session: issuer.sessionOptions, deadlineMs })).toThrow(
        'deadlineMs',
      )
    },
  )
})

describe('an explanation', () => {
  test('names every grant and the way up, where the engine answers', async () => {
    const { decision, path, sentences, decidedBy } = await bed.authz.explain(
      await bed.sessionFor('bob'),
      'project:edit',
      web,
    )
    expect(decision).toMatchObject({
      kind: 'allow',
      grants: [{ from: 'assignment', role: 'project-editor' }],
    })
    expect(path.map(({ type }) => type)).toEqual(['project', 'workspace', 'organization'])
    expect(sentences[0]).toMatch(/^allowed/)
    expect(decidedBy).toBe('engine')
  })

  test('tells a token that outlives its roles from the engine', async () => {
    const session = await bed.sessionFor('bob', oldOwner)
    const { decision, sentences, decidedBy, token } = await bed.authz.explain(
      session,
      'project:edit',
      acmeOnly,
    )
    expect(decidedBy).toBe('token')
    // How old its word is, and how long it may go on: the bound on what a revocation takes to be felt.
    const { ageSec, expiresInSec } = token as NonNullable<typeof token>
    expect(ageSec + expiresInSec).toBe(session.expiresAt - session.issuedAt)
    expect(decision).toMatchObject({
      kind: 'allow',
      grants: [{ from: 'session', permission: 'project:edit' }],
    })
    expect(sentences.slice(0, 3)).toEqual([
      'allowed: the token grants `project:edit` on the whole organization',
      `the token is ${ageSec} s old, and is taken at its word for ${expiresInSec} s more`,
      expect.stringMatching(/^the engine alone: denied/),
    ])
  })

  test('says whose the resource is not', async () => {
    const ada = await bed.sessionFor('ada')
    const foreign = await bed.authz.explain(ada, 'project:edit', {
      ...web,
      organizationId: 'org_globex' as OrganizationId,
    })
    expect(foreign.sentences).toEqual(['denied: the resource is in another organization'])
    const nowhere = await bed.sessionFor('ada', { claims: { org_id: undefined } })
    const { decision, sentences } = await bed.authz.explain(nowhere, 'project:edit', web)
    expect(decision.kind).toBe('deny')
    expect(sentences).toEqual([
      expect.stringMatching(/^denied: the session belongs to no organization: its token has no `org_id`/),
    ])
  })

  test('agrees with the check, for everybody and everything', async () => {
    const answers = new Set<string>()
    for (const person of ['ada', 'bob', 'ian', 'gus']) {
      for (const token of [{}, oldOwner, { permissions: [] }]) {
        const session = await bed.sessionFor(person, token)
        for (const permission of model.permissions.keys() as MapIterator<'project:edit'>) {
          for (const target of [undefined, web, acmeOnly, globexOnly]) {
            const decision = await bed.authz.check(session, permission, target)
            const explained = await bed.authz.explain(session, permission, target)
            expect([explained.decision.kind, explained.decidedBy]).toEqual([
              decision.kind,
              decidedBy(decision),
            ])
            answers.add(`${decision.kind} by ${decidedBy(decision)}`)
          }
        }
      }
    }
    expect([...answers].sort()).toEqual(['allow by engine', 'allow by token', 'deny by engine'])
  })
})
