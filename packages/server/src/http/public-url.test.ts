import { Misconfigured } from '@bailiwick/core'
import { expect, test } from 'vitest'
import { readPublicUrl } from './public-url.js'

test.each([
  ['https://authz.example.com', 'https://authz.example.com'],
  ['https://authz.example.com/', 'https://authz.example.com'],
  ['https://example.com/authz/', 'https://example.com/authz'],
  ['http://localhost:4100', 'http://localhost:4100'],
])('%s is the public URL %s', (text, url) => {
  expect(readPublicUrl(text)).toBe(url)
})

test.each([
  '',
  'authz.example.com',
  'ftp://authz.example.com',
  'javascript:alert(1)',
  'https://authz.example.com?a=b',
  'https://authz.example.com/?',
  'https://authz.example.com#x',
  'https://user:secret@authz.example.com',
])('%s is none', (text) => {
  expect(() => readPublicUrl(text)).toThrow(Misconfigured)
})
