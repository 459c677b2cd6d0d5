import { type OrganizationId, parseOrganizationId } from '@bailiwick/core'
import { type EmbeddedEngine, memoryStore, openEngine } from '@bailiwick/engine'
import { beforeEach, describe, expect, test } from 'vitest'
import type { DecisionRecord } from '../decisions/decision-record.js'
import type { EnforcedPermission } from '../decisions/enforced-permission.js'
import { replicaQuestions } from '../replica/replica-questions.js'
import {
  acme,
  ada,
  ask,
  askCounted,
  askTwice,
  type Counted,
  countedAuthorizer,
  enforced,
  eng,
  give,
  openGuarded,
  project,
  requestOf,
  sessionOf,
} from './guarded-acme.fixture.js'
import { body, header, param, query } from './locator.js'
import { RequestAuthorization } from './request-authorization.js'
import type { RequestView } from './request-view.js'
import { all, any, permission, type Requirement, requirementOf } from './requirement.js'

const onId = { resource: param('id') } as const
const editing = requirementOf('project:edit', onId)
const session = sessionOf({ claims: { auth_time: 0 } })

let engine: EmbeddedEngine
let guards: Counted

beforeEach(async () => {
  engine = await openGuarded()
  guards = countedAuthorizer(engine)
  await give(engine, 'project-editor', project('web'))
  return () => engine.close()
})

describe('an allow that nobody can know to hold is not kept', () => {
  const none = requestOf(undefined)
  const ids = new Map<string, string>()

  /** Every request is decided anew, and what differs by one fact is another answer. */
  test.each<[string, (id: string) => Requirement, (id: string) => RequestView, string]>([
    ['fresh', () => requirementOf('project:edit', { ...onId, fresh: true }), requestOf, 'no_grant'],
    [
      'with a step-up',
      () => requirementOf('project:edit', { ...onId, stepUp: { maxAgeSec: 1e9 * 10 } }),
      requestOf,
      'no_grant',
    ],
    ['of a query', () => requirementOf('project:edit', { resource: query('id') }), inQuery, 'no_grant'],
    ['of a body', () => requirementOf('project:edit', { resource: body('id') }), inBody, 'no_grant'],
    ['of a header', () => requirementOf('project:edit', { resource: header('x-id') }), inHeader, 'no_grant'],
    [
      'found by a function',
      () =>
        requirementOf('project:edit', {
          resource: ({ params }: RequestView) => project(params.id as string),
        }),
      requestOf,
      'no_grant',
    ],
    [
      'by an id of ours',
      () => requirementOf('project:edit', { resource: param('id', { as: 'id' }) }),
      (id) => requestOf(ids.get(id)),
      'no_grant',
    ],
    [
      'that says an organization',
      () => requirementOf('project:edit', { resource: param('id', { organization: param('org') }) }),
      (id) => ({ ...none, params: { id: 'web', org: id === 'web' ? acme : 'org_globex' } }),
      'organization_mismatch',
    ],
  ])('%s', async (_, requirementFor, view, denial) => {
    for (const name of ['web', 'app'])
      ids.set(name, (await engine.findResource(acme, project(name)))?.id as string)
    const requirement = requirementFor('web')
    for (let round = 0; round < 3; round++) {
      expect(await askCounted(guards, requirement, view('web'), session)).toEqual(['allow', 'asked'])
      expect(await ask(guards, requirement, view('app'), session)).toBe(denial)
    }
    await engine.setMembershipStatus(acme, ada, 'inactive')
    expect(await ask(guards, requirement, view('web'), session)).not.toBe('allow')
  })

  test.each([
    ['body', body('id')],
    ['query', query('id')],
  ] as const)('of a %s that the path names as well: both must say the same', async (source, resource) => {
    const requirement = requirementOf('project:edit', { resource })
    for (let round = 0; round < 3; round++)
      expect(await ask(guards, requirement, requestOf('web', { [source]: { id: 'web' } }), session)).toBe(
        'allow',
      )
    expect(await ask(guards, requirement, requestOf('web', { [source]: { id: 'app' } }), session)).toBe(
      'resource_not_located',
    )
  })

  test('that was found out while its moment ended', async () => {
    let moment = { isOver: false }
    const changing = new Proxy(engine, {
      get: (target, name) => {
        if (name === 'atOnce') return { ...target.atOnce, moment: () => moment, allows }
        const value: unknown = Reflect.get(target, name, target)
        return typeof value === 'function' ? value.bind(target) : value
      },
    })
    const allows: typeof engine.atOnce.allows = (question) => {
      const answer = engine.atOnce.allows(question)
      moment.isOver = true
      moment = { isOver: false }
      return answer
    }
    const changed = countedAuthorizer(changing)
    for (let round = 0; round < 3; round++)
      expect(await askCounted(changed, editing, requestOf('web'), session)).toEqual(['allow', 'asked'])
  })

  test('but every one of several is, each by itself', async () => {
    const both = all(permission('project:edit', onId), permission('project:view', onId))
    const either = any(permission('project:view', onId), permission('project:edit', onId))
    expect(await askTwice(guards, both, requestOf('web'), session)).toBe('allow')
    for (const several of [both, either])
      expect(await askCounted(guards, several, requestOf('web'), session)).toEqual(['allow', 'kept'])
    await engine.createExclusion({
      organizationId: acme,
      subject: ada,
      permission: 'project:view',
      resource: project('web'),
    })
    expect(await ask(guards, both, requestOf('web'), session)).toBe('excluded')
    expect(await ask(guards, either, requestOf('web'), session)).toBe('allow')
    expect(await ask(guards, editing, requestOf('web'), session)).toBe('allow')
  })

  test('over a store that others write: what they take is taken at once', async () => {
    const store = memoryStore()
    const { model } = engine
    const here = await openEngine({ store, model })
    const there = await openEngine({ store, model })
    await here.createOrganization({ id: acme, name: 'Acme' })
    await here.createMembership({ organizationId: acme, userId: 'ada', id: ada.membershipId, roles: [] })
    const { id } = await give(here, 'all-projects')
    const everywhere = requirementOf('project:edit', { scope: 'organization' })
    const shared = countedAuthorizer(here)
    for (let round = 0; round < 3; round++)
      expect(await askCounted(shared, everywhere, none, session)).toEqual(['allow', 'asked'])
    await there.removeAssignment(acme, id)
    expect(await ask(shared, everywhere, none, session)).toBe('no_grant')
    await Promise.all([here.close(), there.close()])
  })

  test('of a copy of a server', async () => {
    const { atOnce } = replicaQuestions({
      copyFor: () => engine,
      staleCopyFor: () => undefined,
      server: engine,
      patienceMs: 1,
    })
    expect(engine.atOnce.moment(acme)).toBeDefined()
    expect(atOnce?.allows({ organizationId: acme, subject: ada, permission: 'project:edit' })).toBe(false)
    expect(atOnce?.moment(acme)).toBeUndefined()
  })

  test('of an engine that answers nothing at once', async () => {
    const patient = new Proxy(engine, {
      get: (target, name) => {
        const value: unknown = name === 'atOnce' ? undefined : Reflect.get(target, name, target)
        return typeof value === 'function' ? value.bind(target) : value
      },
    })
    const waited = countedAuthorizer(patient)
    for (let round = 0; round < 3; round++)
      expect(await askCounted(waited, editing, requestOf('web'), session)).toEqual(['allow', 'asked'])
  })

  test('of a session that somebody may write into', async () => {
    const mutable = { ...sessionOf() }
    for (let round = 0; round < 3; round++)
      expect(await ask(guards, editing, requestOf('web'), mutable)).toBe('allow')
    Object.assign(mutable, { organizationId: parseOrganizationId('org_globex') })
    expect(await ask(guards, editing, requestOf('web'), mutable)).toBe('organization_unknown')
    const actors: string[] = []
    guards = countedAuthorizer(engine, { agents: { type: 'bot' } })
    const alone = Object.freeze({ ...sessionOf(), actors })
    for (let round = 0; round < 3; round++)
      expect(await ask(guards, editing, requestOf('web'), alone)).toBe('allow')
    actors.push('helper')
    expect(await ask(guards, editing, requestOf('web'), alone)).toBe('no_grant')
    const permissions = ['billing:manage']
    const everywhere = requirementOf('billing:manage', { scope: 'organization' })
    const half = Object.freeze({ ...sessionOf(), permissions })
    for (let round = 0; round < 3; round++) expect(await ask(guards, everywhere, none, half)).toBe('allow')
    permissions.pop()
    expect(await ask(guards, everywhere, none, half)).toBe('no_grant')
  })
})

function inQuery(id: string): RequestView {
  return requestOf(undefined, { query: { id } })
}

function inBody(id: string): RequestView {
  return requestOf(undefined, { body: { id } })
}

function inHeader(id: string): RequestView {
  return requestOf(undefined, { rawHeaders: ['X-Id', id] })
}

test('what is kept of a path is no answer for a body, a query or a header beside it', async () => {
  expect(await askTwice(guards, editing, requestOf('web'), session)).toBe('allow')
  for (const locator of [query('id'), body('id'), header('id')]) {
    const elsewhere = requirementOf('project:edit', { resource: locator })
    const parts = [{ query: { id: 'app' } }, { body: { id: 'app' } }, { rawHeaders: ['id', 'app'] }, {}]
    for (const part of parts)
      expect(await ask(guards, elsewhere, requestOf('web', part), session)).toBe('resource_not_located')
  }
})

describe('while somebody hears of decisions', () => {
  test('each is one, also of what was kept before; and then it is kept again', async () => {
    const deleting = requirementOf('project:view', onId)
    for (const requirement of [editing, deleting])
      for (let round = 0; round < 3; round++) await ask(guards, requirement, requestOf('web'), session)
    expect(await askCounted(guards, editing, requestOf('web'), session)).toEqual(['allow', 'kept'])
    const heard: DecisionRecord[] = []
    const stop = guards.authz.onDecision((record) => heard.push(record))
    for (let round = 0; round < 3; round++) {
      await ask(guards, editing, requestOf('web'), session)
      await ask(guards, editing, requestOf('app'), session)
    }
    expect(heard.map(({ outcome }) => outcome.kind === 'decided' && outcome.decision.kind)).toEqual(
      [1, 2, 3].flatMap(() => ['allow', 'deny']),
    )
    await engine.replaceAssignments(acme, ada, [])
    stop()
    // What was kept before is not what holds now.
    expect(await ask(guards, editing, requestOf('web'), session)).toBe('no_grant')
    await give(engine, 'project-editor', project('web'))
    expect(await askCounted(guards, editing, requestOf('web'), session)).toEqual(['allow', 'asked'])
    expect(await askCounted(guards, editing, requestOf('web'), session)).toEqual(['allow', 'kept'])
    expect(heard).toHaveLength(6)
  })
})

describe('what is kept', () => {
  test('is what was said last, for eight of the answers of a session; others are asked anew', async () => {
    await give(engine, 'workspace-editor', eng)
    const names = Array.from({ length: 12 }, (_, n) => `p${n}`)
    for (const externalId of names)
      await engine.createResource({
        organizationId: acme,
        ...project(externalId),
        name: externalId,
        parent: eng,
      })
    for (const id of names)
      for (let round = 0; round < 2; round++)
        expect(await askCounted(guards, editing, requestOf(id), session)).toEqual(['allow', 'asked'])
    for (const id of names.slice(4))
      expect(await askCounted(guards, editing, requestOf(id), session)).toEqual(['allow', 'kept'])
    // What is asked once takes the place of nothing that is kept.
    for (const id of names.slice(0, 4))
      expect(await askCounted(guards, editing, requestOf(id), session)).toEqual(['allow', 'asked'])
    for (const id of names.slice(4))
      expect(await askCounted(guards, editing, requestOf(id), session)).toEqual(['allow', 'kept'])
    // In the place of what is over, as many are kept as before.
    await engine.deleteResource(acme, project('p11'))
    for (const id of names.slice(0, 8)) await askTwice(guards, editing, requestOf(id), session)
    for (const id of names.slice(0, 8))
      expect(await askCounted(guards, editing, requestOf(id), session)).toEqual(['allow', 'kept'])
    expect(await ask(guards, editing, requestOf('p11'), session)).toBe('resource_unknown')
  })

  test('says what was said the first time, and nothing that a handler has made of it', async () => {
    const said = [{ permission: 'project:edit', resource: project('web'), decidedBy: 'engine' }]
    const everywhere = requirementOf('billing:manage', { scope: 'organization' })
    await give(engine, 'accountant')
    for (const requirement of [editing, everywhere])
      await askTwice(guards, requirement, requestOf('web'), session)
    for (let round = 0; round < 3; round++) {
      const of = (await enforced(guards, editing, requestOf('web'), session)) as EnforcedPermission[]
      expect(of).toEqual(said)
      const [first] = of as unknown as [{ permission: string; resource: { externalId: string } }]
      expect(() => of.pop()).toThrow(TypeError)
      expect(() => {
        of.length = 0
      }).toThrow(TypeError)
      expect(() => {
        first.permission = 'project:delete'
      }).toThrow(TypeError)
      expect(() => {
        first.resource.externalId = 'app'
      }).toThrow(TypeError)
      const whole = (await enforced(guards, everywhere, requestOf('web'), session)) as EnforcedPermission[]
      expect(whole).toEqual([{ permission: 'billing:manage', resource: undefined, decidedBy: 'engine' }])
      expect(() => Object.assign(whole[0] as object, { resource: project('app') })).toThrow(TypeError)
    }
  })
})

test('a request that has enforced nothing tells no other one so', () => {
  const one = new RequestAuthorization(guards.authz, session)
  const other = new RequestAuthorization(guards.authz, session)
  expect(() => (one.enforced as EnforcedPermission[]).push({} as EnforcedPermission)).toThrow(TypeError)
  expect(other.enforced).toEqual([])
})

test('a change of another organization leaves what is kept', async () => {
  const globex = 'org_globex' as OrganizationId
  await askTwice(guards, editing, requestOf('web'), session)
  await engine.createOrganization({ id: globex, name: 'Globex' })
  await engine.createMembership({ organizationId: globex, userId: 'ada' })
  expect(await askCounted(guards, editing, requestOf('web'), session)).toEqual(['allow', 'kept'])
})
