import type { Answer, CheckAsked, Opinion, Question, ResourcesAsked, SubjectsAsked } from './question.js'
import { nameOf, objectOf, type Relationship, subjectOf } from './relationships.js'
import { schemaOf, word } from './schema.js'
import type { Spicedb } from './spicedb.js'
import { agentTypes, keyOf, type World } from './world.js'

/** A SpiceDB that is told a world, or as much of it as the relationships say. It knows one world at a time. */
export async function spicedbOpinion(
  spicedb: Spicedb,
  world: World,
  relationships: readonly Relationship[],
): Promise<Opinion> {
  await spicedb.tell(schemaOf(world), relationships)
  const agents = agentTypes(world.model)
  return {
    async answer(questions) {
      const checks = questions.filter((question) => question.ask === 'check')
      const answers = await check(spicedb, checks)
      const checked = new Map<Question, Answer>(checks.map((each, index) => [each, answers[index] as Answer]))
      const all: Answer[] = []
      for (const question of questions) {
        if (question.ask === 'resources') all.push(await listResources(spicedb, question))
        else if (question.ask === 'subjects') all.push(await listSubjects(spicedb, question, agents))
        else all.push(checked.get(question) as Answer)
      }
      return all
    },
  }
}

/** Everybody is asked about on their own: who acts for others may do what all of them may. */
async function check(spicedb: Spicedb, questions: readonly CheckAsked[]): Promise<readonly Answer[]> {
  const items = questions.flatMap(({ subject, onBehalfOf, permission, resource }, question) =>
    [subject, ...onBehalfOf].map((party) => ({
      question,
      resource: objectOf(resource),
      permission: `may_${word(permission)}`,
      subject: subjectOf(party),
    })),
  )
  const allowed = await spicedb.check(items)
  const denied = new Set(items.filter((_, index) => allowed[index] !== true).map(({ question }) => question))
  return questions.map((_, index) => (denied.has(index) ? 'deny' : 'allow'))
}

async function listResources(spicedb: Spicedb, asked: ResourcesAsked): Promise<readonly string[]> {
  const { type, organization, under } = asked
  const allowed = [asked.subject, ...asked.onBehalfOf].map((party) =>
    spicedb.lookupResources(type, `may_${word(asked.permission)}`, subjectOf(party)),
  )
  const relation = under?.depth === 'children' ? 'directly_above' : 'above'
  const placed =
    under === undefined ? [] : [spicedb.lookupResources(type, relation, objectOf(under.resource))]
  const [first = [], ...others] = await Promise.all([...allowed, ...placed])
  const start = `${organization}/`
  return first
    .filter((id) => id.startsWith(start) && others.every((other) => other.includes(id)))
    .map((id) => id.slice(start.length))
    .sort()
}

async function listSubjects(
  spicedb: Spicedb,
  { resource, permission, kind, access }: SubjectsAsked,
  agents: readonly string[],
): Promise<readonly string[]> {
  const wanted = `${access === 'direct' ? 'here' : 'may'}_${word(permission)}`
  const on = objectOf(resource)
  switch (kind) {
    case 'membership':
      return [...(await spicedb.lookupSubjects(on, wanted, { type: 'membership' }))].sort()
    case 'group':
      return [...(await spicedb.lookupSubjects(on, wanted, { type: 'group', relation: 'member' }))].sort()
    case 'agent': {
      const lists = await Promise.all(
        agents.map(async (type) =>
          (await spicedb.lookupSubjects(on, wanted, { type })).map((id) => keyOf(nameOf(type, id))),
        ),
      )
      return lists.flat().sort()
    }
  }
}
