import { describe, expect, test } from 'vitest'
import { remoteEngine } from './remote-engine.js'
import { readServiceUrl } from './service-url.js'

describe('the URL of a service', () => {
  test.each([
    ['http://authz.test:4100', 'http://authz.test:4100', ''],
    ['https://authz.test/', 'https://authz.test', ''],
    ['https://authz.test/authz/', 'https://authz.test', '/authz'],
  ])('may be %s', (url, origin, prefix) => {
    expect(readServiceUrl(url)).toEqual({ origin, prefix })
    expect(readServiceUrl(new URL(url))).toEqual({ origin, prefix })
  })

  test.each([
    'https://ada:secret@authz.test',
    'https://:secret@authz.test',
    'https://ada@authz.test',
    'https://authz.test?key=secret',
    'ftp://authz.test/secret',
    'secret',
  ])('may not be %s, which is not repeated', async (url) => {
    const refused = await remoteEngine({ url, apiKey: 'sk_test' }).catch((error: Error) => error.message)
    expect(refused).toBe('`url` must be an http or https URL without a name, a password or a query')
  })
})
