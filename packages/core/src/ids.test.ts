import { describe, expect, test } from 'vitest'
import { parseMembershipId, parseOrganizationId, parseResourceId } from './ids.js'

describe('an id', () => {
  test('carries the prefix of its kind', () => {
    expect(parseMembershipId('om_01HXYZ')).toBe('om_01HXYZ')
    expect(parseOrganizationId('org_2aB-c_d')).toBe('org_2aB-c_d')
    expect(parseResourceId('authz_resource_01HXYZ')).toBe('authz_resource_01HXYZ')
  })

  test.each([
    ['another kind', 'org_01HXYZ'],
    ['no prefix', '01HXYZ'],
    ['nothing behind the prefix', 'om_'],
    ['65 characters behind the prefix', `om_${'x'.repeat(65)}`],
    ['a path', 'om_1/../om_2'],
    ['a line break', 'om_1\n'],
    ['a space', 'om_1 '],
    ['a number', 7],
    ['an array', ['om_1']],
    ['nothing', undefined],
  ])('%s is refused, naming the field', (_, value) => {
    expect(() => parseMembershipId(value, 'subject')).toThrow(
      expect.objectContaining({ code: 'input_invalid', field: 'subject' }),
    )
  })

  test('a refused value cannot forge a log line', () => {
    expect(() => parseMembershipId('x\n[info] all well')).toThrow(/^[^\n]*$/)
  })
})
