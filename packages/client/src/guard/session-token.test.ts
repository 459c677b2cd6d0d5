import { describe, expect, test } from 'vitest'
import { tokenOf } from './session-token.js'

describe('the token of a request', () => {
  test.each([
    ['Bearer a.b-c_d', 'a.b-c_d'],
    ['bearer a.b.c', 'a.b.c'],
    ['BEARER a.b.c==', 'a.b.c=='],
  ])('%j holds a token', (value, token) => {
    expect(tokenOf(['Authorization', value])).toBe(token)
  })

  test.each([
    ['Bearer Bearer a.b.c'],
    ['Bearer\ta.b.c'],
    ['Bearer  a.b.c'],
    ['Bearer a.b.c '],
    [' Bearer a.b.c'],
    ['Bearer a.b.c, Bearer d.e.f'],
    ['Bearer a.b.c\n'],
    ['Bearer'],
    ['Bearer '],
    [''],
    ['Basic dXNlcjpwYXNz'],
    ['Bearera.b.c'],
  ])('%j is ambiguous, never no token', (value) => {
    expect(() => tokenOf(['Authorization', value])).toThrow(
      expect.objectContaining({ code: 'session_ambiguous' }),
    )
  })

  test('a request without the header carries none', () => {
    expect(tokenOf(['Host', 'x', 'X-Authorization', 'Bearer a.b.c'])).toBeUndefined()
  })

  test('two headers are ambiguous, even when they agree: what reads the request next may see the other one', () => {
    const twice = ['Authorization', 'Bearer a.b.c', 'authorization', 'Bearer a.b.c']
    expect(() => tokenOf(twice)).toThrow(expect.objectContaining({ code: 'session_ambiguous' }))
  })

  test('a cookie is read only when its name is configured', () => {
    const request = ['Cookie', 'theme=dark; session=a.b.c']
    expect(tokenOf(request)).toBeUndefined()
    expect(tokenOf(request, { cookie: 'session' })).toBe('a.b.c')
    expect(tokenOf(request, { cookie: 'sess' })).toBeUndefined()
  })

  test('a header and a cookie with the same token agree; with different ones they are ambiguous', () => {
    const options = { cookie: 'session' }
    expect(tokenOf(['Authorization', 'Bearer a.b.c', 'Cookie', 'session=a.b.c'], options)).toBe('a.b.c')
    expect(() => tokenOf(['Authorization', 'Bearer a.b.c', 'Cookie', 'session=d.e.f'], options)).toThrow(
      expect.objectContaining({ code: 'session_ambiguous' }),
    )
  })

  test('two cookies of one name with different tokens are ambiguous, in one header or in two', () => {
    for (const request of [
      ['Cookie', 'session=a.b.c; session=d.e.f'],
      ['Cookie', 'session=a.b.c', 'Cookie', 'session=d.e.f'],
    ]) {
      expect(() => tokenOf(request, { cookie: 'session' })).toThrow(
        expect.objectContaining({ code: 'session_ambiguous' }),
      )
    }
  })

  test('the message of a refusal does not hold the token', () => {
    expect(() => tokenOf(['Authorization', 'Bearer secret.token x'])).toThrow(
      expect.objectContaining({ message: expect.not.stringContaining('secret') }),
    )
  })
})
