import type { ResourceRef } from '@bailiwick/core'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { checkQuestions } from '../extensions/arbitraries.fixture.js'
import { renderResourceRef } from '../extensions/resource-fields.js'
import { spoil, spoiling } from '../extensions/spoiling.fixture.js'
import { check } from './check-operation.js'
import { readPlainCheck } from './plain-check.js'

const written = (permission: string, resource: ResourceRef | undefined) =>
  JSON.stringify({ permission_slug: permission, ...renderResourceRef(resource) })

function bySchema(text: string): unknown {
  try {
    return check.schemas.body.parse(JSON.parse(text))
  } catch {
    return 'refused'
  }
}

test('a check that is read out of its text is what the schema makes of it, whatever came', () => {
  let [readByHand, left] = [0, 0]
  fc.assert(
    fc.property(checkQuestions, spoiling, ({ permission, resource }, spoiling) => {
      const sound = written(permission, resource)
      for (const text of [sound, spoil(sound, spoiling)]) {
        const read = readPlainCheck(text)
        if (read === undefined) left++
        else {
          readByHand++
          expect(read).toStrictEqual(bySchema(text))
        }
      }
    }),
    { numRuns: 1_000 },
  )
  expect(Math.min(readByHand, left)).toBeGreaterThan(200)
})

const byName = written('project:edit', { type: 'project', externalId: 'web' })
const byId = written('project:edit', { resourceId: 'authz_resource_1' } as never)

test.each([byName, byId])('%s is read so', (text) => {
  expect(readPlainCheck(text)).toStrictEqual(bySchema(text))
})

test.each([
  ['a key comes twice', byId.replace('}', ',"permission_slug":"project:view"}')],
  ['it names two resources', byName.replace('}', ',"resource_id":"authz_resource_1"}')],
  ['it asks for an explanation', byName.replace('}', ',"explain":true}')],
  ['it is asked for somebody', byName.replace('}', ',"on_behalf_of":[]}')],
  ['it names half a resource', written('project:edit', undefined)],
  ['a text is escaped', byName.replace('web', 'w\\u0065b')],
  ['a text is no ASCII', Buffer.from(byName.replace('web', 'wäb')).toString('latin1')],
  ['a slug is too long', byName.replace('project:edit', 'x'.repeat(49))],
  ['an external id is too long', byName.replace('web', 'x'.repeat(129))],
  ['an id is too long', byId.replace('_1', `_${'1'.repeat(65)}`)],
  ['an id is of another kind', byId.replace('authz_resource', 'group')],
  ['something stands behind it', `${byName}\n`],
])('a check is not read so where %s', (_, text) => {
  expect(readPlainCheck(text)).toBeUndefined()
})
