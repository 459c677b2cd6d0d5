import { describe, expect, test } from 'vitest'
import type { ShownKey } from './key-desk.js'
import { table } from './table.js'

const now = Date.parse('2026-07-01T00:00:00.000Z')
const key: ShownKey = {
  id: 'key_1',
  name: 'shop',
  scopes: ['read', 'check'],
  hint: 'sk_ab…',
  createdAt: '2026-01-01T00:00:00.000Z',
  expiresAt: null,
  revokedAt: null,
  lastUsedAt: null,
}

describe('a key in the list', () => {
  test.each([
    [{}, 'holds'],
    [{ expiresAt: '2026-07-01T00:00:00.001Z' }, 'holds until 2026-07-01T00:00:00.001Z'],
    [{ expiresAt: '2026-07-01T00:00:00.000Z' }, 'expired 2026-07-01T00:00:00.000Z'],
    [
      { expiresAt: '2027-01-01T00:00:00.000Z', revokedAt: '2026-06-01T00:00:00.000Z' },
      'revoked 2026-06-01T00:00:00.000Z',
    ],
  ])('with %j: %s', (more, standing) => {
    expect(table([{ ...key, ...more }], now)).toBe(
      `key_1  "shop"  read,check  sk_ab…  ${standing}  never used`,
    )
  })

  test('takes one line, whatever its maker has called it', () => {
    const name = 'a\nkey_2  "b"  admin  \u001b[2J'
    expect(table([{ ...key, name }], now).split('\n')).toHaveLength(1)
    expect(table([{ ...key, name }], now)).not.toContain('\u001b')
  })
})
