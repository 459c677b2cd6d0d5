import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import type { Told } from './asker.js'
import { type CertificateAuthority, makeAuthority } from './certificates.js'
import { startYesServer } from './yes-server.js'

// Node 20 runs no TypeScript, so the process runs what `npm test` has built.
const asker = fileURLToPath(new URL('../dist/remote/asker.js', import.meta.url))

describe('a service over TLS', () => {
  let authority: CertificateAuthority

  beforeAll(() => {
    authority = makeAuthority()
  })
  afterAll(() => authority.remove())

  /** Start a service with a certificate, and ask it one question. */
  async function ask(name: string, days: number, trusted: 'trusted' | 'untrusted' = 'trusted') {
    const server = await startYesServer(authority.issue(name, days))
    onTestFinished(() => server.close())
    const env = trusted === 'trusted' ? { ...process.env, NODE_EXTRA_CA_CERTS: authority.path } : process.env
    const { stdout } = await promisify(execFile)(process.execPath, [asker, server.url], { env })
    return { told: JSON.parse(stdout) as Told, url: server.url, requests: server.requests.length }
  }

  test('is asked when its certificate is its own, and holds', async () => {
    expect(await ask('IP:127.0.0.1', 1)).toMatchObject({ told: { answer: 'allow' }, requests: 1 })
  })

  const unreachable = (url: string, reason: RegExp) => ({
    answer: 'unavailable: remote_unreachable',
    message: expect.stringMatching(
      new RegExp(`^the service at \`${url}\` cannot be reached: .*${reason.source}`),
    ),
  })

  test.each([
    ['has expired', 'IP:127.0.0.1', -1, 'trusted', /certificate has expired/],
    ["is another host's", 'DNS:authz.example', 1, 'trusted', /does not match certificate's altnames/],
    ['comes from an authority that nobody trusts', 'IP:127.0.0.1', 1, 'untrusted', /unable to verify/],
  ] as const)(
    'whose certificate %s is not asked, and who reads the error knows where and why',
    async (_, name, days, trusted, reason) => {
      const { told, url, requests } = await ask(name, days, trusted)
      expect(told).toEqual(unreachable(url, reason))
      expect(requests).toBe(0)
    },
  )
})
