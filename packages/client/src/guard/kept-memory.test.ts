import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { expect, test } from 'vitest'
import {
  acme,
  ask,
  askCounted,
  askTwice,
  countedAuthorizer,
  eng,
  give,
  openGuarded,
  project,
  requestOf,
  sessionOf,
} from './guarded-acme.fixture.js'
import { param } from './locator.js'
import { requirementOf } from './requirement.js'

setFlagsFromString('--expose-gc')
const collectGarbage = runInNewContext('gc') as () => void

const editing = requirementOf('project:edit', { resource: param('id') })
const id = 'a-project-with-a-long-name'

/** Acme, where Ada may edit one project. */
async function open() {
  const engine = await openGuarded()
  await engine.createResource({ organizationId: acme, ...project(id), name: id, parent: eng })
  await give(engine, 'project-editor', project(id))
  return { engine, guards: countedAuthorizer(engine) }
}

test('an allow that is kept holds on to no address, of which its id was a part', async () => {
  const { engine, guards } = await open()
  const sessions = Array.from({ length: 100 }, () => sessionOf())
  collectGarbage()
  const before = process.memoryUsage().heapUsed
  for (const [n, each] of sessions.entries()) {
    const address = `/${'x'.repeat(500_000)}${n}/${id}`
    const flat = Buffer.from(address, 'latin1').toString('latin1')
    expect(await askTwice(guards, editing, requestOf(flat.slice(-id.length)), each)).toBe('allow')
  }
  collectGarbage()
  expect(process.memoryUsage().heapUsed - before).toBeLessThan(20_000_000)
  for (const each of sessions)
    expect(await askCounted(guards, editing, requestOf(id), each)).toEqual(['allow', 'kept'])
  await engine.close()
})

test('an allow that is kept holds on to no session, and its moment to no engine', async () => {
  const begin = async () => {
    const { engine, guards } = await open()
    const session = sessionOf()
    expect(await askTwice(guards, editing, requestOf(id), session)).toBe('allow')
    expect(await askCounted(guards, editing, requestOf(id), session)).toEqual(['allow', 'kept'])
    return { guards, engine, session: new WeakRef(session) }
  }
  const end = async () => {
    const { engine, guards, session } = await begin()
    await letGo()
    expect(session.deref()).toBeUndefined()
    // Only now are the guards done with.
    expect(await ask(guards, editing, requestOf(id), sessionOf())).toBe('allow')
    const moment = engine.atOnce.moment(acme)
    await engine.close()
    return { moment, engine: new WeakRef(engine) }
  }
  const { moment, engine } = await end()
  await letGo()
  expect(moment?.isOver).toBe(true)
  expect(engine.deref()).toBeUndefined()
})

/** What was held by one turn is let go in the next. */
async function letGo(): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve))
  collectGarbage()
}
