import type { Change } from '@bailiwick/core'
import { expect, test } from 'vitest'
import { useOf } from './room-use.js'

const at = '2026-01-01T00:00:00.000Z'
const key = (revokedAt: string | null): Change => ({
  op: 'put',
  kind: 'api_key',
  entity: { id: 'key_1', name: 'ci', scopes: [], hint: 'sk_…', createdAt: at, expiresAt: null, revokedAt },
})

test('on a full disk a key can be revoked, and none be made', () => {
  expect(useOf([{ at, changes: [key(at)] }])).toBe('taking')
  expect(useOf([{ at, changes: [key(null)] }])).toBe('giving')
  expect(useOf([{ at, changes: [key(at), key(null)] }])).toBe('giving')
})
