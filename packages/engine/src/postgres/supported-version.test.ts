import { expect, test } from 'vitest'
import { mustBeSupported } from './supported-version.js'

const serverOf = (version: string) => ({ rows: async () => [[version]] as never })

test('a server is as old as PostgreSQL 13 or younger; one that is older is refused in a sentence', async () => {
  await mustBeSupported(serverOf('130000'))
  await mustBeSupported(serverOf('180001'))
  await expect(mustBeSupported(serverOf('120022'))).rejects.toMatchObject({
    kind: 'misconfigured',
    message: 'the server is PostgreSQL 12, and 13 or later is needed',
  })
})
