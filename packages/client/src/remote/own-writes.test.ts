import type { ConsistencyToken, OrganizationId } from '@bailiwick/core'
import { beforeEach, describe, expect, test } from 'vitest'
import { OwnWrites } from './own-writes.js'

describe('own writes', () => {
  const acme = 'org_acme' as OrganizationId
  const globex = 'org_globex' as OrganizationId
  const [first, second] = ['first', 'second'] as unknown as [ConsistencyToken, ConsistencyToken]
  let writes: OwnWrites

  beforeEach(() => {
    writes = new OwnWrites()
  })

  test('are seen in their organization, and ask nothing of another', () => {
    writes.begin(acme)(first)
    expect(writes.seen(acme)).toBe(first)
    expect(writes.seen(globex)).toBeUndefined()
  })

  test('one after the other leave the token of the last', () => {
    writes.begin(acme)(first)
    writes.begin(acme)(second)
    expect(writes.seen(acme)).toBe(second)
  })

  test('at the same time ask for the latest, since their tokens do not tell which is newer', () => {
    const [one, other] = [writes.begin(acme), writes.begin(acme)]
    other(second)
    one(first)
    expect(writes.seen(acme)).toBe('latest')
  })

  test('are asked for once the answer is there, not before', () => {
    const done = writes.begin(acme)
    expect(writes.seen(acme)).toBeUndefined()
    done(first)
    expect(writes.seen(acme)).toBe(first)
  })
})
