import { createSessionVerifier } from '@bailiwick/client'
import { createIssuer } from '@bailiwick/testing'
import { expect, onTestFinished, test } from 'vitest'

const minute = 60_000

async function verified() {
  let nowMs = Date.now()
  const issuer = await createIssuer({ clock: () => nowMs })
  const { sessionOptions, close } = await issuer.listen()
  onTestFinished(() => close())
  const sessions = createSessionVerifier({ ...sessionOptions, jwks: { maxAgeMs: 10 * minute } })
  const token = await issuer.token({ user: 'user_ada', expiresInSec: 3_600 })
  await sessions.verify(token)
  return { issuer, sessions, token, pass: (ms: number) => (nowMs += ms) }
}

test('a token is known at once as soon as it was verified, and no other is', async () => {
  const { issuer, sessions, token } = await verified()
  expect(sessions.known?.(`Bearer ${token}`)).toMatchObject({ userId: 'user_ada' })
  expect(sessions.known?.(`Bearer ${token.slice(0, 20)}x${token.slice(21)}`)).toBeUndefined()
  expect(sessions.known?.(`Bearer ${await issuer.token({ user: 'user_ada' })}`)).toBeUndefined()
})

test('it is not any more once it has expired, or the clock was set back', async () => {
  const late = await verified()
  late.pass(59 * minute)
  // Its keys are due by then; fetched anew, they say the same.
  await late.sessions.verify(late.token)
  expect(late.sessions.known?.(`Bearer ${late.token}`)).toBeDefined()
  late.pass(minute)
  expect(late.sessions.known?.(`Bearer ${late.token}`)).toBeUndefined()
  const early = await verified()
  early.pass(-minute)
  expect(early.sessions.known?.(`Bearer ${early.token}`)).toBeUndefined()
})

test('it is not any more while the keys of its issuer are due, nor once its key is withdrawn', async () => {
  const { issuer, sessions, token, pass } = await verified()
  await issuer.rotateKeys({ overlap: false })
  pass(6 * minute)
  expect(sessions.known?.(`Bearer ${token}`)).toBeUndefined()
  pass(6 * minute)
  await expect(sessions.verify(token)).rejects.toMatchObject({ code: 'session_untrusted' })
  expect(sessions.known?.(`Bearer ${token}`)).toBeUndefined()
})

test('a token whose key has been replaced is not known by what was fetched for another', async () => {
  const { issuer, sessions, token, pass } = await verified()
  await issuer.rotateKeys({ overlap: false })
  pass(11 * minute)
  await sessions.verify(await issuer.token({ user: 'user_lin' }))
  expect(sessions.known?.(`Bearer ${token}`)).toBeUndefined()
})
