import { describe, expect, test } from 'vitest'
import { RequestRefused } from '../api-errors.js'
import { parseActorHeader, renderActorHeader, type SaidOrigin } from './actor-header.js'

describe('the header `Bailiwick-Actor`', () => {
  test.each<SaidOrigin>([
    { actor: { type: 'user', id: 'user_ann' } },
    {
      actor: { type: 'user', id: 'auth0|ann&id=bob', name: 'Ann Łuczak +1' },
      reason: 'ticket 4711; 100 % sure',
    },
  ])('says in ASCII what it means: %j', (said) => {
    const header = renderActorHeader(said)
    expect(header).toMatch(/^[\x21-\x7e]+$/)
    expect(parseActorHeader(header)).toEqual(said)
  })

  test.each([
    ['nothing', ''],
    ['no id', 'type=user'],
    ['no type', 'id=user_ann'],
    ['two ids', 'type=user&id=user_ann&id=user_bob'],
    ['a field that nobody knows', 'type=user&id=user_ann&role=admin'],
    ['a field of every object', 'type=user&id=user_ann&__proto__=x'],
    ['an API key', 'type=api_key&id=key_1'],
    ['the service itself', 'type=system&id=server'],
  ])('is refused where it says %s', (_, header) => {
    expect(() => parseActorHeader(header)).toThrow(RequestRefused)
  })
})
