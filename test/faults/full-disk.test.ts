import { execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync, statfsSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  type AuthorizationEngine,
  defineModel,
  type MembershipId,
  type MembershipRef,
  type OrganizationId,
} from '@bailiwick/core'
import { openEngine } from '@bailiwick/engine'
import { verifyStore } from '@bailiwick/engine/backup'
import { sqlite } from '@bailiwick/engine/sqlite'
import { describe, expect, onTestFinished, test } from 'vitest'
import { startAcme } from '../server/acme-server.js'
import { request } from '../server/request.js'
import { startWriter } from './start-writer.js'
import { commitNumber, membersAfter, shards } from './workload.js'

const [acme, globex] = shards

describe('a disk that fails', () => {
  test.skipIf(!mayMount())(
    'when it is full nothing is half written, reads go on, and room heals it',
    async () => {
      const directory = smallDisk()
      const path = join(directory, 'authz.db')
      const store = await sqlite(path)()
      onTestFinished(() => store.close())
      await store.append(acme, 0, [commitNumber(acme, 1)])

      fill(directory)
      // The log has some room left.
      let last = 1
      while (await isStored(store.append(acme, last, [commitNumber(acme, last + 1)]))) last++
      const rejected = await Promise.allSettled([
        ...Array.from({ length: 50 }, (_, n) =>
          store.append(acme, last + n, [commitNumber(acme, last + n + 1)]),
        ),
        store.append(globex, 0, [commitNumber(globex, 1)]),
      ])
      for (const outcome of rejected) {
        expect(outcome).toMatchObject({
          status: 'rejected',
          reason: { name: 'StoreFull', message: expect.stringContaining('no room') },
        })
      }
      expect(await store.revision(acme)).toBe(last)
      expect(await store.commitsSince(acme, 0)).toHaveLength(last)
      expect([...((await store.load(acme))?.entities ?? [])]).toHaveLength(membersAfter(acme, last).length)
      expect(await store.scan('membership', { limit: 1 })).toHaveLength(1)
      expect(await store.load(globex)).toBeUndefined()

      rmSync(join(directory, 'filler'))
      const next = [commitNumber(acme, last + 1)] as const
      expect(await store.append(acme, last, next)).toEqual({ kind: 'appended', revision: last + 1 })
      await store.close()
      const reopened = await sqlite(path)()
      onTestFinished(() => reopened.close())
      const entities = [...((await reopened.load(acme))?.entities ?? [])].map(({ entity }) => entity)
      expect(entities).toEqual(membersAfter(acme, last + 1))
    },
  )

  test.skipIf(!mayMount())(
    'when it is full while a thread writes the tables nothing is lost or half written, and room heals it',
    async () => {
      const directory = smallDisk('32m')
      const path = join(directory, 'authz.db')
      const store = await sqlite(path)()
      onTestFinished(() => store.close())
      let last = 0
      const writeMany = async () => {
        const from = last
        const appends = Array.from({ length: 64 }, (_, n) =>
          store.append(acme, from + n, [commitNumber(acme, from + n + 1)]),
        )
        last += (await Promise.allSettled(appends)).filter(({ status }) => status === 'fulfilled').length
        return last - from
      }
      while (!existsSync(`${path}-shm`)) expect(await writeMany()).toBe(64)
      fill(directory)
      let isFull = false
      while (!isFull) isFull = (await writeMany()) < 64
      expect(await store.revision(acme)).toBe(last)
      expect(await store.commitsSince(acme, 0)).toHaveLength(last)
      expect(await store.find('membership', membersAfter(acme, last).at(-1)?.id ?? '')).toBeDefined()

      rmSync(join(directory, 'filler'))
      for (let n = 0; n < 20; n++) expect(await writeMany()).toBe(64)
      await store.close()
      const reopened = await sqlite(path)()
      onTestFinished(() => reopened.close())
      const entities = [...((await reopened.load(acme))?.entities ?? [])].map(({ entity }) => entity)
      expect(entities).toEqual(membersAfter(acme, last))
      // These commits make members alone. Nothing else is wrong with them.
      expect((await verifyStore(reopened)).faults).toEqual([expect.stringContaining('no organization')])
    },
  )

  test.skipIf(!mayMount())('when it is full, what was given can still be taken back', async () => {
    const directory = smallDisk()
    const path = join(directory, 'authz.db')
    const engine = await openEngine({ store: sqlite(path), model })
    const members = await organizationWithMembers(engine, acme, 600)
    await engine.notebook.write('api_keys', 'hash', 'holds')
    const editors = members.map((membershipId) => ({ membershipId }))

    fill(directory)
    let given = 0
    const giveNext = () => give(engine, editors[given] as MembershipRef)
    const refusal = await (async () => {
      for (;;) {
        try {
          await giveNext()
          given++
        } catch (error) {
          return error
        }
      }
    })()
    expect(refusal).toMatchObject({ name: 'StoreFull', code: 'store_full', kind: 'unavailable' })
    expect(given).toBeGreaterThan(20)
    expect(await may(engine, editors[0])).toBe('allow')

    for (let n = 0; n < 10; n++) {
      // In one turn with a grant, whose refusal must not hold it up.
      const [gift, theft] = await Promise.allSettled([giveNext(), takeBack(engine, editors[n])])
      expect([gift.status, theft.status]).toEqual(['rejected', 'fulfilled'])
      expect(await may(engine, editors[n])).toBe('deny')
    }
    await engine.setMembershipStatus(acme, editors[10] as MembershipRef, 'inactive')
    expect(await may(engine, editors[10])).toBe('deny')
    expect(await may(engine, editors[11])).toBe('allow')
    await engine.createExclusion({
      organizationId: acme,
      subject: editors[11] as MembershipRef,
      effect: 'deny',
      permission: 'project:edit',
    })
    expect(await may(engine, editors[11])).toBe('deny')
    await engine.notebook.write('api_keys', 'hash', 'revoked')
    await expect(engine.notebook.write('api_keys', 'another', 'holds')).rejects.toMatchObject({
      code: 'store_full',
    })
    for (const membership of members.slice(given))
      await engine.deleteMembership(acme, { membershipId: membership })
    await expect(giveNext()).rejects.toMatchObject({ name: 'EntityNotFound' })
    await expect(give(engine, editors[0] as MembershipRef)).rejects.toMatchObject({ code: 'store_full' })

    rmSync(join(directory, 'filler'))
    await give(engine, editors[0] as MembershipRef)
    expect(await may(engine, editors[0])).toBe('allow')
    expect(statSync(`${path}-reserve`).size).toBe(2_097_152)
    await engine.close()
    const store = await sqlite(path)()
    onTestFinished(() => store.close())
    expect(await verifyStore(store)).toMatchObject({ faults: [] })
    expect(await store.notebook(() => 0).read('api_keys', 'hash')).toBe('revoked')
  })

  test.skipIf(!mayMount())('when it is full, all that is taken back in one turn is', async () => {
    const directory = smallDisk()
    const engine = await openEngine({ store: sqlite(join(directory, 'authz.db')), model })
    onTestFinished(() => engine.close())
    const editors = await Promise.all(
      shards.map(async (organizationId) => {
        const [membershipId] = (await organizationWithMembers(engine, organizationId, 1)) as [MembershipId]
        const { value } = await engine.assignRole({
          organizationId,
          subject: { membershipId },
          role: 'editor',
        })
        return { organizationId, assignment: value.id, subject: { membershipId }, permission: 'project:edit' }
      }),
    )
    for (const key of ['first', 'second']) await engine.notebook.write('api_keys', key, 'holds')
    const decisions = () => Promise.all(editors.map(async (editor) => (await engine.check(editor)).kind))
    fill(directory)
    const joins = (n: number) => engine.createMembership({ organizationId: acme, userId: `new_${n}` })
    let last = 0
    while (await isStored(joins(last))) last++
    expect(await decisions()).toEqual(editors.map(() => 'allow'))

    const [gift, ...thefts] = await Promise.allSettled([
      engine.notebook.write('api_keys', 'third', 'holds'),
      ...editors.map(({ organizationId, assignment }) => engine.removeAssignment(organizationId, assignment)),
      engine.notebook.write('api_keys', 'first', 'revoked'),
      engine.notebook.write('api_keys', 'second', 'revoked'),
    ])
    expect(gift).toMatchObject({ status: 'rejected', reason: { code: 'store_full' } })
    expect(new Set(thefts.map(({ status }) => status))).toEqual(new Set(['fulfilled']))
    expect(await decisions()).toEqual(editors.map(() => 'deny'))
    await expect(joins(last)).rejects.toMatchObject({ code: 'store_full' })
  })

  test.skipIf(!mayMount())('when it is full a service says so to who gives, and takes back', async () => {
    const directory = smallDisk()
    const server = await startAcme({ store: sqlite(join(directory, 'authz.db')) })
    onTestFinished(server.close)
    const { call } = server
    const web = { resource_type_slug: 'project', resource_external_id: 'web' }
    const asAnn = '/authorization/organization_memberships/om_ann'
    const annEdits = async () => {
      const { json } = await call('POST', `${asAnn}/check`, { permission_slug: 'project:edit', ...web })
      return json.authorized
    }
    const { key, secret } = await server.server.keys.create({ name: 'leaked', scopes: ['read'] })
    fill(directory)
    const giveMore = (n: number) =>
      call('POST', '/authorization/resources', {
        organization_id: acme,
        resource_type_slug: 'project',
        external_id: `more-${n}`,
        name: 'More',
      })
    let answer = await giveMore(0)
    for (let n = 1; answer.status === 201; n++) answer = await giveMore(n)
    expect(answer).toMatchObject({
      status: 507,
      json: { code: 'insufficient_storage', reason: 'store_full' },
    })
    expect(await annEdits()).toBe(true)
    // No room to keep that it was asked for: no reason not to do it.
    const denied = await request(server, {
      method: 'POST',
      path: `/authorization/organizations/${acme}/exclusions`,
      headers: { 'idempotency-key': 'deny' },
      body: { organization_membership_id: 'om_ann', permission_slug: 'project:edit', effect: 'deny' },
    })
    expect(denied).toMatchObject({ status: 201 })
    expect(await annEdits()).toBe(false)
    await call('DELETE', `/authorization/organizations/${acme}/exclusions/${denied.json.id}`)
    expect(await annEdits()).toBe(true)
    const withKey = async () => (await request(server, { path: '/organizations', key: secret })).status
    expect(await withKey()).toBe(200)
    expect((await call('DELETE', `/api_keys/${key.id}`)).status).toBe(204)
    expect(await withKey()).toBe(401)
    // It is told from the room that is kept for what takes away.
    expect((await call('GET', '/audit_logs?order=desc')).json.data[0]).toMatchObject({
      action: 'api_key.updated',
      after: { id: key.id, revoked_at: expect.any(String) },
    })
    const taken = await call('DELETE', `${asAnn}/role_assignments`, { role_slug: 'editor', ...web })
    expect(taken.status).toBe(204)
    expect(await annEdits()).toBe(false)
    expect(await giveMore(99_999)).toMatchObject({ status: 507 })
    expect(await call('GET', '/readyz')).toMatchObject({ status: 200 })
  })

  test.skipIf(!mayMount())('when it is read-only the store does not open, and says so', async () => {
    const directory = smallDisk()
    await (await sqlite(join(directory, 'authz.db'))()).close()
    const readOnly = readOnlyViewOf(directory)
    for (const name of ['authz.db', 'new.db']) {
      await expect(sqlite(join(readOnly, name))()).rejects.toMatchObject({
        name: 'StoreUnavailable',
        message: expect.stringMatching(new RegExp(`${name}.*read-?only`)),
      })
    }
    await (await sqlite(join(directory, 'authz.db'))()).close()
  })

  test('when it is full there is no store, and none half made', async () => {
    // A limit on the size of files stands for a full disk where no disk may be mounted.
    const path = storePath()
    const lines = await startWriter('until-failure', path, 'ulimit -f 16; exec "$@" 2>/dev/null').rest()
    expect(lines).toEqual(['opening'])
    const store = await sqlite(path)()
    expect(await store.append(acme, 0, [commitNumber(acme, 1)])).toMatchObject({ kind: 'appended' })
    await store.close()
  })

  test('when a write fails it rejects, what was acknowledged is read, and is there afterwards', async () => {
    const path = storePath()
    const lines = await startWriter('until-failure', path, 'ulimit -f 800; exec "$@"').rest()
    const acknowledged = lines.findLast((line) => line.startsWith('acknowledged'))?.split(' ')[2]
    expect(Number(acknowledged)).toBeGreaterThan(10)
    expect(lines.slice(-2)).toEqual(['failed StoreUnavailable store_unavailable', `read ${acknowledged}`])

    const store = await sqlite(path)()
    const revision = await store.revision(acme)
    expect(revision).toBe(Number(acknowledged))
    const entities = [...((await store.load(acme))?.entities ?? [])].map(({ entity }) => entity)
    expect(entities).toEqual(membersAfter(acme, revision))
    const next = [commitNumber(acme, revision + 1)] as const
    expect(await store.append(acme, revision, next)).toMatchObject({ kind: 'appended' })
    await store.close()
  })
})

const model = defineModel({
  resourceTypes: { project: { parents: ['organization'] } },
  permissions: { 'project:edit': 'project' },
  roles: { editor: { on: 'organization', permissions: ['project:edit'] } },
})

async function organizationWithMembers(
  engine: AuthorizationEngine,
  organizationId: OrganizationId,
  count: number,
): Promise<readonly MembershipId[]> {
  await engine.createOrganization({ id: organizationId, name: 'Of editors' })
  const made = Array.from({ length: count }, (_, n) =>
    engine.createMembership({ organizationId, userId: `user_${n}` }),
  )
  return (await Promise.all(made)).map(({ value }) => value.id)
}

async function give(engine: AuthorizationEngine, subject: MembershipRef): Promise<void> {
  await engine.assignRole({ organizationId: acme, subject, role: 'editor' })
}

async function takeBack(engine: AuthorizationEngine, subject: MembershipRef | undefined): Promise<void> {
  const [held] = await engine.listAssignments(acme, subject as MembershipRef)
  if (held === undefined) throw new Error('nothing is held')
  await engine.removeAssignment(acme, held.id)
}

async function may(engine: AuthorizationEngine, subject: MembershipRef | undefined): Promise<string> {
  const question = { organizationId: acme, subject: subject as MembershipRef, permission: 'project:edit' }
  return (await engine.check(question)).kind
}

function isStored(append: Promise<unknown>): Promise<boolean> {
  return append.then(
    () => true,
    () => false,
  )
}

function mayMount(): boolean {
  return process.platform === 'linux' && process.getuid?.() === 0 && tryMount()
}

/** A container's root may not mount. */
function tryMount(): boolean {
  const directory = mkdtempSync(join(tmpdir(), 'bailiwick-disk-'))
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', directory], { stdio: 'ignore' })
    execFileSync('umount', [directory])
    return true
  } catch {
    return false
  } finally {
    rmSync(directory, { recursive: true })
  }
}

function smallDisk(size = '8m'): string {
  const directory = mkdtempSync(join(tmpdir(), 'bailiwick-disk-'))
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${size}`, 'tmpfs', directory])
  onTestFinished(() => {
    execFileSync('umount', ['-l', directory])
    rmSync(directory, { recursive: true })
  })
  return directory
}

function readOnlyViewOf(directory: string): string {
  const view = mkdtempSync(join(tmpdir(), 'bailiwick-disk-'))
  execFileSync('mount', ['--bind', directory, view])
  execFileSync('mount', ['-o', 'remount,bind,ro', view])
  onTestFinished(() => {
    execFileSync('umount', ['-l', view])
    rmSync(view, { recursive: true })
  })
  return view
}

function fill(directory: string): void {
  const { bavail, bsize } = statfsSync(directory)
  try {
    writeFileSync(join(directory, 'filler'), Buffer.alloc(bavail * bsize))
  } catch (error) {
    // A thread has taken some of it meanwhile.
    if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error
  }
}

function storePath(): string {
  const directory = mkdtempSync(join(tmpdir(), 'bailiwick-faults-'))
  onTestFinished(() => rmSync(directory, { recursive: true }))
  return join(directory, 'authz.db')
}
