import { memoryStore } from '@bailiwick/engine'
import { expect, test } from 'vitest'
import { EndpointBook } from './endpoint-book.js'

test('two changes at the same time both hold, and none brings back what is removed', async () => {
  let now = 0
  const notebook = (await memoryStore()()).notebook(() => 0)
  const book = new EndpointBook(notebook, () => new Date(++now).toISOString())
  const { id, createdAt } = await book.create('https://hooks.example/one', ['group.created'])
  await Promise.all([
    book.change(id, { url: 'https://hooks.example/two' }),
    book.change(id, { status: 'disabled' }),
    book.change(id, { secret: 'whsec_new' }),
  ])
  const changed = await book.get(id)
  expect(changed).toMatchObject({
    url: 'https://hooks.example/two',
    status: 'disabled',
    secret: 'whsec_new',
    events: ['group.created'],
    createdAt,
  })
  expect(changed.updatedAt > createdAt).toBe(true)
  const [, lost] = await Promise.allSettled([book.remove(id), book.change(id, { status: 'enabled' })])
  expect(lost).toMatchObject({ status: 'rejected', reason: { code: 'webhook_endpoint_not_found' } })
  expect(await book.find(id)).toBeUndefined()
})
