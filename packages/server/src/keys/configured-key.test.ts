import { expect, test } from 'vitest'
import { type ApiKey, hashSecret } from './api-key.js'
import { withConfiguredKey } from './configured-key.js'

const another = { id: 'key_another' } as ApiKey
const keys = withConfiguredKey('sk_configured', { find: () => another })

test('the key of the settings may everything, and any other is looked up', () => {
  expect(keys.find({ hash: hashSecret('sk_configured') })).toMatchObject({
    id: 'key_configured',
    scopes: ['admin'],
  })
  expect(keys.find({ hash: hashSecret('sk_another') })).toBe(another)
})

test('a part of its hash is not the key, just after the key was presented either', () => {
  const hash = hashSecret('sk_configured')
  expect(keys.find({ hash })).not.toBe(another)
  for (const part of ['', hash.slice(0, -1), `${hash}0`]) expect(keys.find({ hash: part })).toBe(another)
})
