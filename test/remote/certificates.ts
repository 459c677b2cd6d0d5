import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** A certificate with its key, in PEM. */
export interface Certificate {
  readonly cert: string
  readonly key: string
}

/** Makes certificates that whoever trusts it believes. */
export interface CertificateAuthority {
  /** The file that `NODE_EXTRA_CA_CERTS` names. */
  readonly path: string
  /** @param name - As `IP:127.0.0.1` or `DNS:example.com`. @param days - How long it holds; less than 0 for one that is over. */
  issue(name: string, days: number): Certificate
  remove(): void
}

/** Make an authority of this test alone. */
export function makeAuthority(): CertificateAuthority {
  const folder = mkdtempSync(join(tmpdir(), 'bailiwick-tls-'))
  const openssl = (...args: readonly string[]) =>
    execFileSync('openssl', args, { cwd: folder, stdio: 'pipe' })
  const newKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes']
  openssl(
    'req',
    '-x509',
    ...newKey,
    '-keyout',
    'ca.key',
    '-out',
    'ca.pem',
    '-subj',
    '/CN=A test',
    '-days',
    '2',
  )
  const signing = ['-CA', 'ca.pem', '-CAkey', 'ca.key', '-CAcreateserial']
  const read = (name: string) => readFileSync(join(folder, name), 'utf8')
  return {
    path: join(folder, 'ca.pem'),
    issue(name, days) {
      writeFileSync(join(folder, 'names'), `subjectAltName=${name}\n`)
      openssl('req', ...newKey, '-keyout', 'key', '-out', 'request', '-subj', '/CN=A server')
      openssl(
        'x509',
        '-req',
        '-in',
        'request',
        ...signing,
        '-extfile',
        'names',
        '-days',
        `${days}`,
        '-out',
        'cert',
      )
      return { cert: read('cert'), key: read('key') }
    },
    remove: () => rmSync(folder, { recursive: true }),
  }
}
