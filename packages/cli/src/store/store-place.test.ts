import { expect, test } from 'vitest'
import { storePlace } from './store-place.js'

test.each([
  ['postgres://ada:secret@db.test:5432/authz?password=secret', 'postgres://db.test:5432/authz'],
  ['postgres://:secret@db.test/authz', 'postgres://db.test/authz'],
  ['postgresql://db.test/authz#secret', 'postgresql://db.test/authz'],
])('a database is named without who may use it: %s', async (database, name) => {
  expect(await storePlace({ data: './authz.db', database })).toMatchObject({ kind: 'database', name })
})

test.each([
  'secret',
  'secret@db.test',
  'postgres//ada:secret@db.test/authz',
  'postgres://ada:secret@db.test:port/authz',
])('what names no database is refused, and not repeated: %s', async (database) => {
  const refused = await storePlace({ data: './authz.db', database }).catch((error: Error) => error)
  expect(refused).toMatchObject({ code: 'misconfigured' })
  expect(String(refused)).not.toContain('secret')
})
