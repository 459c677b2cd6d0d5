import { expect, test } from 'vitest'
import { UnderWay } from './under-way.js'

const item = (key: string) => ({ key })

test('what is under way is found under its key until it is deleted, whatever came after it', () => {
  const underWay = new UnderWay<{ readonly key: string }>()
  const items = Array.from({ length: 10 }, (_, number) => item(`${number}`))
  for (const each of items) {
    underWay.set(each)
    expect(underWay.get(each.key)).toBe(each)
  }
  for (const each of items) {
    expect(underWay.get(each.key)).toBe(each)
    underWay.delete(each)
    expect(underWay.get(each.key)).toBeUndefined()
  }
})

test('the later one of two under one key is found, and stays when the earlier one is deleted', () => {
  const underWay = new UnderWay<{ readonly key: string }>()
  const [earlier, later] = [item('web'), item('web')]
  underWay.set(earlier)
  underWay.set(later)
  expect(underWay.get('web')).toBe(later)
  underWay.delete(earlier)
  expect(underWay.get('web')).toBe(later)
})
