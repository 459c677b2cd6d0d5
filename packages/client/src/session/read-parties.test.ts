import { beforeAll, describe, expect, test } from 'vitest'
import { createSessionVerifier } from './create-session-verifier.js'
import { createSigner, optionsFor, type Signer } from './signer.fixture.js'

let signer: Signer

beforeAll(async () => {
  signer = await createSigner()
})

async function verify(claims: object) {
  return createSessionVerifier({ ...optionsFor(signer), actors: 'accept' }).verify(await signer.sign(claims))
}

/** `act` of parties that follow each other, the one acting now first. */
function chainOf(length: number, name: (index: number) => object): object {
  let act: object | undefined
  for (let index = length - 1; index >= 0; index--) act = { ...name(index), ...(act && { act }) }
  return act as object
}

const agent = (index: number) => ({ sub: `agent_${index}` })

describe('the parties of a token', () => {
  test.each<[string, object, { userId: string; actors: readonly string[] }]>([
    ['the user alone', {}, { userId: 'user_ada', actors: [] }],
    ['the user, said aloud', { sub_profile: 'user' }, { userId: 'user_ada', actors: [] }],
    ['a user and who acts for her', { act: { sub: 'scribe' } }, { userId: 'user_ada', actors: ['scribe'] }],
    [
      'a chain, the party acting now first',
      { act: { sub: 'scribe', act: { sub: 'planner', sub_profile: 'ai_agent' } } },
      { userId: 'user_ada', actors: ['scribe', 'planner'] },
    ],
    [
      'an actor of the same issuer',
      { act: { sub: 'scribe', iss: 'https://issuer.test/' } },
      { userId: 'user_ada', actors: ['scribe'] },
    ],
    [
      'an agent and the user it acts for, as WorkOS writes them',
      { sub: 'agent_1', sub_profile: 'ai_agent', act: { sub: 'user_ada', sub_profile: 'user' } },
      { userId: 'user_ada', actors: ['agent_1'] },
    ],
    [
      'an agent that acts for an agent, as WorkOS writes them',
      {
        sub: 'agent_2',
        sub_profile: 'ai_agent',
        act: { sub: 'agent_1', sub_profile: 'ai_agent', act: { sub: 'user_ada', sub_profile: 'user' } },
      },
      { userId: 'user_ada', actors: ['agent_2', 'agent_1'] },
    ],
    [
      'ten parties',
      { act: chainOf(10, agent) },
      { userId: 'user_ada', actors: Array.from({ length: 10 }, (_, index) => `agent_${index}`) },
    ],
  ])('are %s', async (_, claims, parties) => {
    expect(await verify(claims)).toMatchObject(parties)
  })

  test.each<[string, string, object]>([
    ['session_malformed', 'eleven parties', { act: chainOf(11, agent) }],
    [
      'session_malformed',
      'ten parties before the user',
      {
        sub: 'agent_x',
        sub_profile: 'ai_agent',
        act: chainOf(11, (index) =>
          index === 10
            ? { sub: 'user_ada', sub_profile: 'user' }
            : { ...agent(index), sub_profile: 'ai_agent' },
        ),
      },
    ],
    ['session_malformed', 'an acting party without a name', { act: {} }],
    ['session_malformed', 'an acting party that is null', { act: null }],
    ['session_malformed', 'an acting party that is text', { act: 'scribe' }],
    ['session_malformed', 'a list of acting parties', { act: [{ sub: 'scribe' }] }],
    ['session_malformed', 'an acting party with an empty name', { act: { sub: '' } }],
    ['session_malformed', 'an acting party whose name is a number', { act: { sub: 7 } }],
    ['session_malformed', 'an acting party whose name is too long', { act: { sub: 'x'.repeat(129) } }],
    ['session_malformed', 'an earlier party without a name', { act: { sub: 'scribe', act: {} } }],
    [
      'session_malformed',
      'an agent whose chain ends in no user',
      { sub: 'agent_1', sub_profile: 'ai_agent', act: { sub: 'agent_2', sub_profile: 'ai_agent' } },
    ],
    [
      'session_malformed',
      'an agent whose user does not say that she is one',
      { sub: 'agent_1', sub_profile: 'ai_agent', act: { sub: 'user_ada' } },
    ],
    [
      'session_malformed',
      'an agent with a second user on the way',
      {
        sub: 'agent_1',
        sub_profile: 'ai_agent',
        act: { sub: 'user_bob', sub_profile: 'user', act: { sub: 'user_ada', sub_profile: 'user' } },
      },
    ],
    ['session_agent_refused', 'an agent that acts for nobody', { sub: 'agent_1', sub_profile: 'ai_agent' }],
    ['session_agent_refused', 'a user in the place of another', { act: { sub: 'eve', sub_profile: 'user' } }],
    [
      'session_agent_refused',
      'a profile that nobody knows',
      { sub_profile: 'service', act: { sub: 'scribe' } },
    ],
    ['session_agent_refused', 'a profile that is null', { sub_profile: null, act: { sub: 'scribe' } }],
    [
      'session_agent_refused',
      'an actor of another issuer',
      { act: { sub: 'scribe', iss: 'https://evil.test/' } },
    ],
    [
      'session_agent_refused',
      'an earlier actor of another issuer',
      { act: { sub: 'scribe', act: { sub: 'planner', iss: 'https://evil.test/' } } },
    ],
  ])('are refused as %s with %s', async (code, _, claims) => {
    await expect(verify(claims)).rejects.toMatchObject({ name: 'SessionInvalid', code })
  })

  test('are frozen with the session', async () => {
    expect(Object.isFrozen((await verify({ act: { sub: 'scribe' } })).actors)).toBe(true)
  })
})
