import { createPublicKey, type JsonWebKeyInput } from 'node:crypto'
import { deflateRawSync } from 'node:zlib'
import {
  encode,
  hmacSigned,
  kidOf,
  partsOf,
  publicJwkOf,
  signed,
  signedWithText,
  type TokenKit,
} from './token-kit.js'

/** A token that must yield no session: what an attacker, or a careless issuer, may send. */
export interface BadToken {
  /** Groups the ways to go wrong; stable, so that a failure can be looked up. */
  readonly id: string
  readonly name: string
  readonly build: (kit: TokenKit) => string | Promise<string>
}

const text = (value: unknown) => JSON.stringify(value)

/** The signature: missing, of another kind, or of another key. */
const signatures: readonly BadToken[] = [
  ...['none', 'None', 'nOnE'].flatMap((alg, at) => [
    {
      id: `A${at + 1}`,
      name: `algorithm \`${alg}\` with the signature of a good token`,
      build: ({ issuer, good }: TokenKit) => {
        const [, payload, signature] = partsOf(good)
        return `${encode({ alg, kid: kidOf(issuer), typ: 'JWT' })}.${payload}.${signature}`
      },
    },
    {
      id: `A${at + 1}`,
      name: `algorithm \`${alg}\` without a signature`,
      build: ({ issuer, good }: TokenKit) => `${encode({ alg, kid: kidOf(issuer) })}.${partsOf(good)[1]}.`,
    },
  ]),
  {
    id: 'A4',
    name: 'HMAC with the public key as PEM for its secret',
    build: (kit) => {
      const key = createPublicKey({ key: publicJwkOf(kit.issuer), format: 'jwk' } as JsonWebKeyInput)
      return hmacSigned(kit, key.export({ type: 'spki', format: 'pem' }).toString())
    },
  },
  {
    id: 'A5',
    name: 'HMAC with the public key as JWK for its secret',
    build: (kit) => hmacSigned(kit, text(publicJwkOf(kit.issuer))),
  },
  { id: 'A5', name: 'HMAC with an empty secret', build: (kit) => hmacSigned(kit, '') },
  {
    id: 'A6',
    name: 'another key under the right name',
    build: ({ issuer, attacker, good }) =>
      attacker.sign(Buffer.from(partsOf(good)[1], 'base64url').toString(), { kid: kidOf(issuer) }),
  },
  {
    id: 'A6',
    name: 'another key under its own name',
    build: ({ attacker, good }) => attacker.sign(Buffer.from(partsOf(good)[1], 'base64url').toString()),
  },
  {
    id: 'A7',
    name: 'a key of its own in the header',
    build: ({ attacker, good }) =>
      attacker.sign(Buffer.from(partsOf(good)[1], 'base64url').toString(), { jwk: publicJwkOf(attacker) }),
  },
  ...['jku', 'x5u'].map((name) => ({
    id: 'A8',
    name: `an address of its own keys in \`${name}\``,
    build: ({ attacker, attackerUrl, good }: TokenKit) =>
      attacker.sign(Buffer.from(partsOf(good)[1], 'base64url').toString(), { [name]: attackerUrl }),
  })),
  ...['../../../../dev/null', "' OR 1=1 --", '__proto__', 'k'.repeat(10_240), '', 7, null, ['a']].map(
    (kid, at) => ({
      id: `A${Math.min(9 + at, 12)}`,
      name: `a key called ${text(kid).slice(0, 24)}`,
      build: (kit: TokenKit) => signed(kit, {}, { kid }),
    }),
  ),
  { id: 'A12', name: 'no name for its key', build: (kit) => signed(kit, {}, { kid: undefined }) },
]

/** The shape: cut, edited, or encoded in another way. */
const shapes: readonly BadToken[] = [
  {
    id: 'A13',
    name: 'claims edited after signing',
    build: ({ good }) => {
      const [header, payload, signature] = partsOf(good)
      const edited = Buffer.from(payload, 'base64url').toString().replace('org_acme', 'org_evil')
      return `${header}.${encode(edited)}.${signature}`
    },
  },
  { id: 'A14', name: 'a signature cut short', build: ({ good }) => good.slice(0, -20) },
  { id: 'A15', name: 'an empty signature', build: ({ good }) => good.replace(/[^.]+$/, '') },
  { id: 'A16', name: 'padding', build: ({ good }) => `${good}=` },
  { id: 'A16', name: 'a plus in the place of a minus', build: ({ good }) => good.replace(/.$/, '+') },
  {
    id: 'A16',
    name: 'a second spelling of its signature',
    // The last character of 256 bytes carries four bits that mean nothing: another one decodes to the same bytes.
    build: ({ good }) => good.replace(/.$/, (last) => ({ A: 'B', Q: 'R', g: 'h', w: 'x' })[last] ?? '!'),
  },
  { id: 'A17', name: 'two parts', build: ({ good }) => partsOf(good).slice(0, 2).join('.') },
  { id: 'A18', name: 'four parts', build: ({ good }) => `${good}.${partsOf(good)[2]}` },
  {
    id: 'A19',
    name: 'five parts, as an encrypted token has, that unpack to a lot',
    build: () =>
      [
        encode({ alg: 'dir', enc: 'A256GCM', zip: 'DEF' }),
        '',
        encode('0123456789ab'),
        deflateRawSync(Buffer.alloc(1_000_000)).toString('base64url'),
        encode('0123456789abcdef'),
      ].join('.'),
  },
  { id: 'A19', name: 'only dots', build: () => '..' },
  { id: 'A24', name: 'a payload that is not JSON', build: ({ issuer }) => issuer.sign('{"sub":"user_ada"') },
  {
    id: 'A25',
    name: 'a payload that is a list',
    build: ({ issuer, good }) => issuer.sign(`[${text({ good })}]`),
  },
  { id: 'A26', name: 'a payload that is null', build: ({ issuer }) => issuer.sign('null') },
  { id: 'A27', name: 'a payload that is a string', build: ({ issuer }) => issuer.sign('"user_ada"') },
  {
    id: 'A27',
    name: 'a header that is a list',
    build: ({ issuer, good }) =>
      issuer.sign(Buffer.from(partsOf(good)[1], 'base64url').toString(), '["RS256"]'),
  },
  {
    id: 'A41',
    name: 'an extension that must be understood',
    build: (kit) => signed(kit, {}, { crit: ['urn:unknown'], 'urn:unknown': 1 }),
  },
  { id: 'A41', name: 'an empty list of extensions', build: (kit) => signed(kit, {}, { crit: [] }) },
  {
    id: 'A41',
    name: 'an unencoded payload',
    build: (kit) => signed(kit, {}, { crit: ['b64'], b64: false }),
  },
  {
    id: 'A41',
    name: 'an unencoded payload, not even declared',
    build: (kit) => signed(kit, {}, { b64: false }),
  },
  {
    id: 'A42',
    name: 'permissions twice',
    build: (kit) => signedWithText(kit, '"permissions":["billing:manage"]'),
  },
  {
    id: 'A42',
    name: 'permissions twice, once with an escape',
    build: (kit) => signedWithText(kit, '"permission\\u0073":["billing:manage"]'),
  },
  { id: 'A42', name: 'the organization twice', build: (kit) => signedWithText(kit, '"org_id":"org_globex"') },
  {
    id: 'A42',
    name: 'the algorithm twice',
    build: ({ issuer, good }) =>
      issuer.sign(
        Buffer.from(partsOf(good)[1], 'base64url').toString(),
        `{"alg":"none","alg":"RS256","kid":${text(kidOf(issuer))}}`,
      ),
  },
  {
    id: 'A45',
    name: 'a claim `__proto__` with permissions',
    build: (kit) => signedWithText(kit, '"__proto__":{"permissions":["billing:manage"]}'),
  },
]

/** The claims: of another time, for somebody else, or of another shape. Signed as the issuer signs. */
const claims: readonly BadToken[] = [
  ...claimed('A28', {
    'past its end': ({ nowSec }) => ({ iat: nowSec - 60, exp: nowSec - 6 }),
  }),
  ...claimed('A29', { 'before its beginning': ({ nowSec }) => ({ nbf: nowSec + 60 }) }),
  ...claimed('A30', { 'no end': () => ({ exp: undefined }) }),
  ...claimed('A31', {
    'an end that is text': ({ nowSec }) => ({ exp: String(nowSec + 300) }),
    'an end that is null': () => ({ exp: null }),
    'an end that is a list': ({ nowSec }) => ({ exp: [nowSec + 300] }),
    'an end in fractions': ({ nowSec }) => ({ exp: nowSec + 0.5 }),
  }),
  {
    id: 'A32',
    name: 'an end at infinity',
    build: async ({ issuer, good }) =>
      issuer.sign(
        Buffer.from(partsOf(good)[1], 'base64url')
          .toString()
          .replace(/"exp":\d+/, '"exp":1e999'),
      ),
  },
  ...claimed('A33', {
    'an end in milliseconds': ({ nowSec }) => ({ exp: nowSec * 1_000 }),
    'an end in a year': ({ nowSec }) => ({ exp: nowSec + 31_536_000 }),
  }),
  ...claimed('A34', {
    'issued tomorrow': ({ nowSec }) => ({ iat: nowSec + 86_400, exp: nowSec + 86_700 }),
    'issued at no time': () => ({ iat: undefined }),
  }),
  ...claimed('A35', { 'another issuer': () => ({ iss: 'https://evil.test/' }) }),
  ...claimed('A36', { 'no issuer': () => ({ iss: undefined }) }),
  ...claimed('A37', {
    'the issuer with one more slash': ({ issuer }) => ({ iss: `${issuer.issuer}/` }),
    'a list that holds the issuer': ({ issuer }) => ({ iss: [issuer.issuer] }),
  }),
  ...claimed('A38', { 'the audience of another application': () => ({ aud: 'client_other' }) }),
  ...claimed('A39', {
    'no audience': () => ({ aud: undefined }),
    'an empty audience': () => ({ aud: '' }),
    'an object for an audience': ({ issuer }) => ({ aud: { [issuer.audience]: true } }),
  }),
  ...['id+jwt', 'logout+jwt', 'rt+jwt', 'secevent+jwt'].map((typ) => ({
    id: 'A40',
    name: `the type \`${typ}\``,
    build: (kit: TokenKit) => signed(kit, {}, { typ }),
  })),
  ...claimed('A40', {
    'the mark of an ID token': () => ({ at_hash: 'MTIzNDU2Nzg5MDEyMzQ1Ng' }),
    'the mark of a logout token': () => ({
      events: { 'http://schemas.openid.net/event/backchannel-logout': {} },
    }),
    'a claim that says refresh token': () => ({ typ: 'Refresh' }),
    'no subject': () => ({ sub: undefined }),
    'an empty subject': () => ({ sub: '' }),
  }),
  ...claimed('A43', {
    'permissions in one string': () => ({ permissions: 'billing:manage project:edit' }),
    'permissions as an object': () => ({ permissions: { 'billing:manage': true } }),
    'permissions within a list within the list': () => ({ permissions: [['billing:manage']] }),
    'permissions that are numbers': () => ({ permissions: [1, 2] }),
    '1 001 permissions': () => ({ permissions: Array(1_001).fill('a') }),
    'a role that is an object': () => ({ role: { slug: 'owner' } }),
    'roles in one string': () => ({ roles: 'owner' }),
    'a list of organizations': () => ({ org_id: ['org_acme'] }),
    'an organization that is a number': () => ({ org_id: 7 }),
    'an organization that is true': () => ({ org_id: true }),
    'an organization with a path in it': () => ({ org_id: 'org_acme/../org_globex' }),
  }),
  ...claimed('A44', {
    'a membership of the wrong kind': () => ({ organization_membership_id: 'user_ada' }),
    'a membership that is a list': () => ({ organization_membership_id: ['om_acme_ada'] }),
  }),
  ...claimed('A51', {
    'an acting party': () => ({ act: { sub: 'agent_1' } }),
    'an acting party, twice removed': () => ({ act: { sub: 'agent_1', act: { sub: 'agent_2' } } }),
    'an acting party that is empty': () => ({ act: {} }),
    'the profile of an agent': () => ({ sub_profile: 'ai_agent' }),
  }),
]

/** Every bad token that fits into the headers of a request. */
export const badTokens: readonly BadToken[] = [...signatures, ...shapes, ...claims]

/** Tokens that no request can carry in a header, but that a cookie jar, a queue or a file may hand over. */
export const unsendableTokens: readonly BadToken[] = [
  { id: 'A20', name: 'nothing', build: () => '' },
  { id: 'A21', name: 'a line break behind it', build: ({ good }) => `${good}\n` },
  { id: 'A21', name: 'a space behind it', build: ({ good }) => `${good} ` },
  { id: 'A21', name: 'a space before it', build: ({ good }) => ` ${good}` },
  { id: 'A21', name: 'the scheme before it', build: ({ good }) => `Bearer ${good}` },
  { id: 'A46', name: '64 KiB', build: (kit) => signed(kit, { pad: 'x'.repeat(49_152) }) },
  { id: 'A46', name: '1 MiB', build: (kit) => signed(kit, { pad: 'x'.repeat(786_432) }) },
]

function claimed(
  id: string,
  cases: Readonly<Record<string, (kit: TokenKit) => object>>,
): readonly BadToken[] {
  return Object.entries(cases).map(([name, over]) => ({ id, name, build: (kit) => signed(kit, over(kit)) }))
}
