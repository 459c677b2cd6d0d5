import { type Asking, allResources, allSubjects, type OrganizationId, type SubjectRef } from '@bailiwick/core'
import type { Random } from '../oracle/random/random.js'
import type { Answer, CheckAsked, Opinion, ResourcesAsked, SubjectsAsked } from './question.js'
import { type ToldEngine, tellEngine } from './tell-engine.js'
import { refToResource } from './telling.js'
import type { Subject, World } from './world.js'

/** Our engine, told a world. */
export async function engineOpinion(
  world: World,
  random: Random,
): Promise<Opinion & { close(): Promise<void> }> {
  const told = await tellEngine(world, random)
  return {
    async answer(questions) {
      const answers: Answer[] = []
      for (const question of questions) {
        if (question.ask === 'check') answers.push(await check(told, question))
        else if (question.ask === 'resources') answers.push(await listResources(told, question))
        else answers.push(await listSubjects(told, question))
      }
      return answers
    },
    close: () => told.engine.close(),
  }
}

async function check({ engine, refTo }: ToldEngine, question: CheckAsked): Promise<Answer> {
  const { resource, permission } = question
  const decision = await engine.check({
    ...asking(refTo, question, resource.organization),
    permission,
    resource: refToResource(resource),
  })
  return decision.kind
}

async function listResources({ engine, refTo }: ToldEngine, question: ResourcesAsked): Promise<Answer> {
  const { organization, permission, type, under } = question
  const names: string[] = []
  const found = allResources(engine, {
    ...asking(refTo, question, organization),
    permission,
    type,
    ...(under === undefined ? {} : { under: refToResource(under.resource), depth: under.depth }),
  })
  for await (const { externalId } of found) names.push(externalId)
  return names.sort()
}

async function listSubjects({ engine, nameOf }: ToldEngine, question: SubjectsAsked): Promise<Answer> {
  const { resource, permission, kind, access } = question
  const names: string[] = []
  const found = allSubjects(engine, {
    organizationId: resource.organization,
    permission,
    resource: refToResource(resource),
    kind,
    access,
  })
  for await (const subject of found) names.push(nameOf(subject))
  return names.sort()
}

function asking(
  refTo: (subject: Subject) => SubjectRef,
  { subject, onBehalfOf }: CheckAsked | ResourcesAsked,
  organizationId: OrganizationId,
): Asking {
  return {
    organizationId,
    subject: refTo(subject),
    ...(onBehalfOf.length === 0 ? {} : { onBehalfOf: onBehalfOf.map(refTo) }),
  }
}
