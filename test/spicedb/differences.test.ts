import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Random } from '../oracle/random/random.js'
import { compare } from './compare.js'
import { engineOpinion } from './engine-opinion.js'
import { type Relationship, relationshipsOf, written } from './relationships.js'
import { everyQuestion, smallWorld } from './small-world.js'
import { type Spicedb, spicedbBinary, startSpicedb } from './spicedb.js'
import { spicedbOpinion } from './spicedb-opinion.js'

const questions = everyQuestion(smallWorld)
const relationships = relationshipsOf(smallWorld)

describe.skipIf(!spicedbBinary().isThere)('a difference is noticed', () => {
  let ours: Awaited<ReturnType<typeof engineOpinion>>
  let spicedb: Spicedb

  beforeAll(async () => {
    ours = await engineOpinion(smallWorld, new Random(1))
    spicedb = await startSpicedb()
  })
  afterAll(async () => {
    await ours.close()
    await spicedb.close()
  })

  async function compareWith(told: readonly Relationship[]) {
    return compare(ours, await spicedbOpinion(spicedb, smallWorld, told), questions)
  }

  test('and there is none where both know the same', async () => {
    const { answers, differences } = await compareWith(relationships)
    expect(differences).toEqual([])
    expect(answers.filter((answer) => answer === 'allow').length).toBeGreaterThanOrEqual(10)
  })

  // Where a thing lies that nobody has anything on shows only in lists of what lies under another.
  test.each(relationships.map((left) => [written(left), left] as const))(
    'when SpiceDB is not told %s',
    async (_, left) => {
      const { differences } = await compareWith(relationships.filter((each) => each !== left))
      expect(differences).not.toEqual([])
    },
  )

  test('when SpiceDB is told of one more role', async () => {
    const more: Relationship = {
      resource: { type: 'workspace', id: 'org_acme/eng' },
      relation: 'role_viewer',
      subject: { type: 'membership', id: 'om_dan' },
    }
    const { differences } = await compareWith([...relationships, more])
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
