import {
  type AuthorizationEngine,
  compileModel,
  type GroupId,
  parseGroupId,
  type SubjectKey,
  type SubjectRef,
} from '@bailiwick/core'
import { memoryStore, openEngine } from '@bailiwick/engine'
import type { Random } from '../oracle/random/random.js'
import { tellHoldings } from './tell-holdings.js'
import { tellPeople } from './tell-people.js'
import { tellPlaces } from './tell-places.js'
import { refToResource, type Telling } from './telling.js'
import type { Subject, World } from './world.js'

/** An engine that knows a world, and what it calls things. */
export interface ToldEngine {
  readonly engine: AuthorizationEngine
  /** How to name a subject to the engine. */
  refTo(subject: Subject): SubjectRef
  /** What the world calls a subject of the engine; what it never heard of keeps the engine's id. */
  nameOf(subject: SubjectKey): string
}

/** Lead an engine to a world through its port, and by detours: what was undone must leave no trace. */
export async function tellEngine(world: World, random: Random): Promise<ToldEngine> {
  const engine = await openEngine({ store: memoryStore(), model: compileModel(world.model) })
  const groupIds = new Map<string, GroupId>()
  const names = new Map<string, string>()
  const refTo = (subject: Subject): SubjectRef => {
    switch (subject.kind) {
      case 'membership':
        return { membershipId: subject.id }
      case 'group':
        return { groupId: groupIds.get(subject.name) ?? noGroup }
      case 'agent':
        return { agent: refToResource(subject.resource) }
    }
  }
  for (const organization of world.organizations) {
    const telling: Telling = { engine, world, organization, random, refTo }
    await engine.createOrganization({ id: organization.id, name: organization.id })
    for (const [name, id] of await tellPeople(telling)) {
      groupIds.set(name, id)
      names.set(id, name)
    }
    for (const [name, id] of await tellPlaces(telling)) names.set(id, name)
    await tellHoldings(telling)
  }
  return { engine, refTo, nameOf: ({ id }) => names.get(id) ?? id }
}

const noGroup = parseGroupId('group_nowhere')
