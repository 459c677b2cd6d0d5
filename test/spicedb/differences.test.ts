import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Random } from '../oracle/random/random.js'
import { compare } from './compare.js'
import { engineOpinion } from './engine-opinion.js'
import type { Opinion } from './question.js'
import { type Relationship, relationshipsOf, written } from './relationships.js'
import { everyQuestion, smallWorld } from './small-world.js'
import { spicedbBinary } from './spicedb.js'
import { spicedbOpinion } from './spicedb-opinion.js'

const questions = everyQuestion(smallWorld)
const relationships = relationshipsOf(smallWorld)

describe.skipIf(!spicedbBinary().isThere)('a difference is noticed', () => {
  let ours: Opinion

  beforeAll(async () => {
    ours = await engineOpinion(smallWorld, new Random(1))
  })
  afterAll(() => ours.close())

  test('and there is none where both know the same', async () => {
    const { answers, differences } = await compareWith(ours, relationships)
    expect(differences).toEqual([])
    expect(answers.filter((answer) => answer === 'allow').length).toBeGreaterThanOrEqual(10)
  })

  // The place of a robot that nothing is held above shows in the lists of what lies under a resource only.
  test.each(relationships.map((left) => [written(left), left] as const))(
    'when SpiceDB is not told %s',
    async (_, left) => {
      const { differences } = await compareWith(
        ours,
        relationships.filter((each) => each !== left),
      )
      expect(differences).not.toEqual([])
    },
  )

  test('when SpiceDB is told of one more role', async () => {
    const more: Relationship = {
      resource: { type: 'workspace', id: 'org_acme/eng' },
      relation: 'role_viewer',
      subject: { type: 'membership', id: 'om_dan' },
    }
    const { differences } = await compareWith(ours, [...relationships, more])
    expect(differences).toContainEqual({
      question: {
        ask: 'check',
        subject: { kind: 'membership', id: 'om_dan' },
        onBehalfOf: [],
        permission: 'project:view',
        resource: { organization: 'org_acme', type: 'project', externalId: 'web' },
      },
      ours: 'deny',
      theirs: 'allow',
    })
    expect(new Set(differences.map(({ question }) => question.ask))).toEqual(
      new Set(['check', 'resources', 'subjects']),
    )
  })
})

async function compareWith(ours: Opinion, told: readonly Relationship[]) {
  const theirs = await spicedbOpinion(smallWorld, told)
  try {
    return await compare(ours, theirs, questions)
  } finally {
    await theirs.close()
  }
}
