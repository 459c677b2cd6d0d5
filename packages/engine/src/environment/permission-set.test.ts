import { expect, test } from 'vitest'
import { PermissionSet } from './permission-set.js'

test.each([1, 31, 32, 33, 64, 65, 1_000])('holds exactly its members among %i permissions', (size) => {
  const members = Array.from({ length: size }, (_, index) => index).filter((index) => index % 3 === 0)
  const set = new PermissionSet(size, members)
  for (let index = 0; index < size + 40; index++) expect(set.has(index)).toBe(members.includes(index))
})
