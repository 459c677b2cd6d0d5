import { expect, test } from 'vitest'
import { jsonText } from './json-text.js'

test('every text is written as JSON.stringify writes it', () => {
  for (let code = 0; code <= 0xffff; code++) {
    const text = `a${String.fromCharCode(code)}`
    if (jsonText(text) !== JSON.stringify(text)) expect(jsonText(text)).toBe(JSON.stringify(text))
  }
  for (const text of ['', 'om_01KDVDNA06J3CDFT3HYJEH96CG', 'Žofie', '💶', '"', 'a\\'])
    expect(jsonText(text)).toBe(JSON.stringify(text))
})
