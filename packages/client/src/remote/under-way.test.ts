import { expect, test } from 'vitest'
import { keyOf, type OnItsWay, UnderWay } from './under-way.js'

const item = (key: number, check = `about ${key}`): OnItsWay => ({
  key,
  check,
  freshness: undefined,
  next: undefined,
})

/** Two keys of one place. */
const web = 7
const sameAsWeb = web + 2 ** 20

test('what is under way is found until it is deleted, whatever came after it', () => {
  const underWay = new UnderWay<OnItsWay>()
  const items = Array.from({ length: 10 }, (_, number) => item(number))
  for (const each of items) {
    underWay.set(each)
    expect(underWay.get(each.key, each.check, undefined)).toBe(each)
  }
  for (const each of items) {
    expect(underWay.get(each.key, each.check, undefined)).toBe(each)
    underWay.delete(each)
    expect(underWay.get(each.key, each.check, undefined)).toBeUndefined()
  }
})

test('the later one of two under one key and text is found, and stays when the earlier one is deleted', () => {
  const underWay = new UnderWay<OnItsWay>()
  const [earlier, later] = [item(web), item(web)]
  underWay.set(earlier)
  underWay.set(later)
  expect(underWay.get(web, 'about 7', undefined)).toBe(later)
  underWay.delete(earlier)
  expect(underWay.get(web, 'about 7', undefined)).toBe(later)
})

test('those of one key and different texts are told apart, in whatever order they go', () => {
  const texts = ['view', 'edit', 'delete', 'move']
  // With another one in their place, and without.
  for (const others of [0, 1]) {
    for (const first of texts) {
      for (const second of texts.filter((text) => text !== first)) {
        const underWay = new UnderWay<OnItsWay>()
        if (others > 0) underWay.set(item(sameAsWeb))
        const items = texts.map((text) => item(web, text))
        for (const each of items) underWay.set(each)
        const left = new Set(texts)
        for (const gone of [first, second]) {
          underWay.delete(items.find(({ check }) => check === gone) as OnItsWay)
          left.delete(gone)
          for (const each of items)
            expect(underWay.get(web, each.check, undefined)).toBe(
              left.has(each.check as string) ? each : undefined,
            )
        }
      }
    }
  }
})

test('one that is to be as new as something is not found by who asks for something newer', () => {
  const underWay = new UnderWay<OnItsWay>()
  const latest: OnItsWay = { ...item(web), freshness: 'latest' }
  underWay.set(latest)
  expect(underWay.get(web, 'about 7', undefined)).toBeUndefined()
  expect(underWay.get(web, 'about 7', 'latest')).toBe(latest)
})

test('equal checks have one key, and those that differ in who asks or about what have others', () => {
  const asked = {
    organizationId: 'org_1',
    membershipId: 'om_1',
    permission: 'view',
    type: 'app',
    externalId: 'web',
  }
  const key = keyOf(asked)
  expect(keyOf({ ...asked })).toBe(key)
  expect(keyOf({ ...asked, membershipId: 'om_2' })).not.toBe(key)
  expect(keyOf({ ...asked, externalId: 'api' })).not.toBe(key)
  expect(keyOf(JSON.stringify(asked))).toBe(keyOf(JSON.stringify(asked)))
})
