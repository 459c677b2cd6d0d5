import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  environmentShard,
  type MembershipId,
  type OrganizationId,
  StoreFull,
  StoreUnavailable,
} from '@bailiwick/core'
import { describe, expect, onTestFinished, test } from 'vitest'
import { acme, ann, assign, bob, may, openAcme, workspace } from '../fixtures/acme.js'
import { sqlite } from '../sqlite/sqlite.js'
import type { Appending, LateAppend, ShardRevision, Store } from '../store/store.js'

const at = '2026-01-01T00:00:00.000Z'
const globex = 'org_globex' as OrganizationId

async function storeOnDisk(): Promise<Store> {
  const folder = mkdtempSync(join(tmpdir(), 'bailiwick-writes-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  return sqlite(join(folder, 'authz.db'))()
}

async function openOnDisk() {
  const store = await storeOnDisk()
  const engine = await openAcme({ store: async () => store })
  const create = (n: string) =>
    engine.createResource({
      organizationId: acme,
      type: 'project',
      externalId: n,
      name: 'P',
      parent: workspace('eng'),
    })
  const rows = async () => (await store.links({ after: 0, limit: 10_000 })).length
  return { store, engine, create, rows }
}

describe('writers over SQLite', () => {
  test('who were answered together and write again are stored together, in one transaction a round', async () => {
    const { engine, create, rows } = await openOnDisk()
    const before = await rows()
    const writer = async (n: number) => {
      for (let round = 0; round < 10; round++) await create(`p${n}-${round}`)
    }
    await Promise.all(Array.from({ length: 64 }, (_, n) => writer(n)))
    expect((await rows()) - before).toBe(10)
    await engine.close()
  })

  test('are refused alone, and those beside them are stored', async () => {
    const { engine, create, rows } = await openOnDisk()
    await create('taken')
    const before = await rows()
    const outcomes = await Promise.allSettled([create('one'), create('taken'), create('two')])
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
    expect((await rows()) - before).toBe(1)
    await engine.close()
  })

  test('who have nothing to change are answered, and nothing is stored', async () => {
    const { engine, rows } = await openOnDisk()
    const given = await assign(engine, ann, 'accountant')
    const before = await rows()
    expect(await assign(engine, ann, 'accountant')).toEqual(given)
    expect((await rows()) - before).toBe(0)
    await engine.close()
  })

  test('are answered when it can be seen, and after whoever watches the store', async () => {
    const { store, engine } = await openOnDisk()
    const heard: string[] = []
    store.watch(() => heard.push('watcher'))
    await assign(engine, ann, 'accountant').then(() => heard.push('writer'))
    expect(await may(engine, ann, 'billing:manage')).toBe('allow')
    expect(heard).toEqual(['watcher', 'writer'])
    await engine.close()
  })

  test('are told one by one to whoever watches, also where they are stored together', async () => {
    const { store, engine } = await openOnDisk()
    const before = await store.revision(acme)
    const heard: number[] = []
    engine.changes.watch((_, revision) => heard.push(revision - before))
    await Promise.all([ann, bob].map((subject) => assign(engine, subject, 'accountant')))
    expect(heard).toEqual([1, 2])
    await engine.close()
  })

  test('are not stored where what they were judged by is no more', async () => {
    const { store, engine } = await openOnDisk()
    const [here, environment] = [await store.revision(acme), await store.revision(environmentShard)]
    const appended = (revision: number) =>
      new Promise((done, failed) => {
        const drafts = [{ at, changes: [] }] as const
        const given: ShardRevision = { shard: environmentShard, revision }
        store.appendLate?.(acme, {
          make: () => ({ expected: here, drafts, given }),
          delayed: () => {},
          done,
          failed,
        })
      })
    expect(await appended(environment - 1)).toMatchObject({ kind: 'conflict' })
    expect(await appended(environment)).toEqual({ kind: 'appended', revision: here + 1 })
    await engine.close()
  })

  test('wait while somebody changes what they are judged by, and are stored after that', async () => {
    const { store, engine, rows } = await openOnDisk()
    const { change, answer } = await changeThatWaits(store)
    const before = await rows()
    const writing = assign(engine, ann, 'accountant')
    for (let turn = 0; turn < 5; turn++) await new Promise(setImmediate)
    expect(await may(engine, ann, 'billing:manage')).toBe('no_grant')
    expect((await rows()) - before).toBe(0)
    answer(false)
    expect(await change).toEqual({ kind: 'refused' })
    await writing
    expect(await may(engine, ann, 'billing:manage')).toBe('allow')
    await engine.close()
  })

  test('who wait for that are refused when the store is closed', async () => {
    const { store, engine } = await openOnDisk()
    await assign(engine, ann, 'accountant')
    const { change, answer } = await changeThatWaits(store)
    const writing = assign(engine, bob, 'accountant')
    for (let turn = 0; turn < 5; turn++) await new Promise(setImmediate)
    await store.close()
    answer(false)
    expect(await change).toEqual({ kind: 'refused' })
    await expect(writing).rejects.toMatchObject({ code: 'store_unavailable' })
  })

  test('who come when the store is closed are refused, and those before them are stored', async () => {
    const { store, create } = await openOnDisk()
    const before = create('before')
    await new Promise((resolve) => queueMicrotask(() => resolve(undefined)))
    const closing = store.close()
    const after = create('after')
    await expect(before).resolves.toMatchObject({ value: { externalId: 'before' } })
    await expect(after).rejects.toBeInstanceOf(StoreUnavailable)
    await closing
  })
})

describe('writes that are stored together', () => {
  test('take away what each of them takes, and nothing else', async () => {
    const { store, engine } = await openOnDisk()
    const [anns, bobs] = [await assign(engine, ann, 'accountant'), await assign(engine, bob, 'accountant')]
    const kept = await assign(engine, ann, 'editor')
    const before = await store.revision(acme)
    await Promise.all([anns, bobs].map(({ id }) => engine.removeAssignment(acme, id)))
    expect((await store.revision(acme)) - before).toBe(2)
    for (const subject of [ann, bob]) expect(await may(engine, subject, 'billing:manage')).toBe('no_grant')
    expect(await engine.listAssignments(acme, ann)).toMatchObject([{ id: kept.id }])
    await engine.close()
  })

  test('go with the organization, and those after its end are of the next one', async () => {
    const { engine } = await openOnDisk()
    const join = () =>
      engine.createMembership({
        organizationId: acme,
        userId: 'user_ann',
        id: 'om_new' as MembershipId,
        roles: [],
      })
    const outcomes = await Promise.allSettled([
      assign(engine, ann, 'accountant'),
      engine.deleteOrganization(acme),
      assign(engine, bob, 'accountant'),
      engine.createOrganization({ id: acme, name: 'Acme again' }),
      join(),
      assign(engine, bob, 'accountant'),
    ])
    const how = (outcome: PromiseSettledResult<unknown>) =>
      outcome.status === 'fulfilled' ? 'stored' : outcome.reason.code
    expect(outcomes.map(how)).toEqual([
      'stored',
      'stored',
      'organization_not_found',
      'stored',
      'stored',
      'membership_not_found',
    ])
    expect(await may(engine, { membershipId: 'om_new' as MembershipId }, 'billing:manage')).toBe('no_grant')
    expect(await may(engine, ann, 'billing:manage')).toBe('membership_unknown')
    await engine.close()
  })
})

/** A change of the model that is stored when somebody answers. */
async function changeThatWaits(store: Store) {
  let resolve: (isWanted: boolean) => void = () => {}
  const answered = new Promise<boolean>((settle) => {
    resolve = settle
  })
  const expected = await store.revision(environmentShard)
  const change = store.append(environmentShard, expected, [{ at, changes: [] }], { when: () => answered })
  return { change, answer: resolve }
}

describe('writes that are refused beside others that are stored', () => {
  test('cannot be seen by whoever hears of those: what is not stored is nowhere', async () => {
    const { engine } = await openOnDisk()
    await engine.createOrganization({ id: globex, name: 'Globex' })
    const join = (organizationId: OrganizationId, id: string) =>
      engine.createMembership({ organizationId, userId: 'user_cy', id: id as MembershipId, roles: [] })
    const annMay = () =>
      engine.atOnce.allows({ organizationId: acme, subject: ann, permission: 'billing:manage' })
    expect(await may(engine, ann, 'billing:manage')).toBe('no_grant')
    const heard = new Map<string, boolean | undefined>()
    engine.changes.watch((shard) => heard.set(shard, annMay()))
    const outcomes = await Promise.allSettled([
      join(globex, 'om_cy'),
      assign(engine, ann, 'accountant'),
      join(acme, 'om_cy'),
    ])
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'rejected'])
    expect(heard.get(globex)).toBe(false)
    expect(annMay()).toBe(true)
    await engine.close()
  })

  test('do not hold those up, however many are refused', async () => {
    const { engine } = await openOnDisk()
    await engine.createOrganization({ id: globex, name: 'Globex' })
    const names = Array.from({ length: 12 }, (_, n) => `cy_${n}`)
    const join = (organizationId: OrganizationId) =>
      names.map((name) =>
        engine.createMembership({ organizationId, userId: name, id: `om_${name}` as MembershipId }),
      )
    await Promise.all(join(globex))
    await assign(engine, bob, 'accountant')
    // Has nothing to store.
    const again = assign(engine, bob, 'accountant')
    const joining = Promise.allSettled(join(acme))
    await Promise.all([again, assign(engine, ann, 'accountant')])
    expect(new Set((await joining).map(({ status }) => status))).toEqual(new Set(['rejected']))
    expect(await may(engine, ann, 'billing:manage')).toBe('allow')
    await engine.close()
  })
})

/** A store that makes late appends in one piece with telling what they came to, while `tell` is there to say it. */
async function openTelling() {
  const store = await storeOnDisk()
  const telling: { tell?: (late: LateAppend, appending: Appending) => void } = {}
  const appendLate: Store['appendLate'] = (shard, late) => {
    if (telling.tell === undefined) return store.appendLate?.(shard, late)
    const { tell } = telling
    setImmediate(() => {
      const appending = late.make('in one piece')
      if (appending !== undefined) tell(late, appending)
    })
  }
  const open = new Proxy(store, {
    get: (target, property) => {
      if (property === 'appendLate') return appendLate
      const value = Reflect.get(target, property, target)
      return typeof value === 'function' ? value.bind(target) : value
    },
  })
  const engine = await openAcme({ store: async () => open })
  const giveBoth = () =>
    Promise.allSettled([assign(engine, ann, 'accountant'), assign(engine, bob, 'accountant')])
  const bothMay = async () => [
    await may(engine, ann, 'billing:manage'),
    await may(engine, bob, 'billing:manage'),
  ]
  return { store, telling, engine, giveBoth, bothMay }
}

describe('writes that are judged with the ones before them on the graph', () => {
  test('can be seen when they are stored', async () => {
    const { engine, giveBoth, bothMay } = await openTelling()
    expect(await bothMay()).toEqual(['no_grant', 'no_grant'])
    await giveBoth()
    expect(await bothMay()).toEqual(['allow', 'allow'])
    await engine.close()
  })

  test('are nowhere when there is no room for them, and can be made again', async () => {
    const { telling, engine, giveBoth, bothMay } = await openTelling()
    telling.tell = (late) => late.failed(new StoreFull('full'))
    const refused = { status: 'rejected', reason: { code: 'store_full' } }
    expect(await giveBoth()).toMatchObject([refused, refused])
    expect(await bothMay()).toEqual(['no_grant', 'no_grant'])
    delete telling.tell
    await giveBoth()
    expect(await bothMay()).toEqual(['allow', 'allow'])
    await engine.close()
  })

  test('are made apart where there is no room for them together', async () => {
    const { telling, engine, giveBoth, bothMay } = await openTelling()
    telling.tell = (late) => {
      delete telling.tell
      late.failed(new StoreFull('full'))
    }
    expect((await giveBoth()).map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled'])
    expect(await bothMay()).toEqual(['allow', 'allow'])
    await engine.close()
  })

  test('are not made again where nobody knows whether they were stored, and are read if so', async () => {
    const { store, telling, engine, giveBoth, bothMay } = await openTelling()
    telling.tell = async (late, { expected, drafts, given }) => {
      delete telling.tell
      late.delayed()
      await store.append(acme, expected, drafts, { given })
      late.failed(new Error('lost'))
    }
    const before = await store.revision(acme)
    const lost = { status: 'rejected', reason: { code: 'store_unavailable' } }
    expect(await giveBoth()).toMatchObject([lost, lost])
    expect((await store.revision(acme)) - before).toBe(2)
    expect(await bothMay()).toEqual(['allow', 'allow'])
    await engine.close()
  })

  test('are judged again after what was in their way', async () => {
    const { store, telling, engine, giveBoth, bothMay } = await openTelling()
    telling.tell = (late, { expected }) => {
      delete telling.tell
      late.done({ kind: 'conflict', revision: expected })
    }
    const before = await store.revision(acme)
    await giveBoth()
    expect((await store.revision(acme)) - before).toBe(2)
    expect(await bothMay()).toEqual(['allow', 'allow'])
    await engine.close()
  })

  test('cannot be seen while they wait to be stored later', async () => {
    const { store, telling, engine, giveBoth, bothMay } = await openTelling()
    let storeThem = async () => {}
    telling.tell = (late, { expected, drafts, given }) => {
      late.delayed()
      storeThem = async () => late.done(await store.append(acme, expected, drafts, { given }))
    }
    const giving = giveBoth()
    for (let turn = 0; turn < 3; turn++) await new Promise(setImmediate)
    expect(await bothMay()).toEqual(['no_grant', 'no_grant'])
    await storeThem()
    await giving
    expect(await bothMay()).toEqual(['allow', 'allow'])
    await engine.close()
  })
})
