import { describe, expect, test } from 'vitest'
import { startReceiver } from '../server/webhook-receiver.js'
import { model } from './acme.js'
import { sdks } from './sdks.js'
import { startSdk } from './start-sdk.js'

describe.each(sdks)('webhooks, SDK $version', (sdk) => {
  test('are signed so that the SDK believes them, and nothing that was changed on the way', async () => {
    const session = await startSdk(sdk, { model, webhooks: { targets: 'private', pollMs: 5 } })
    const receiver = await startReceiver()
    try {
      const answer = await fetch(`${session.url}/webhook_endpoints`, {
        method: 'POST',
        headers: { authorization: `Bearer ${session.apiKey}`, 'content-type': 'application/json' },
        body: JSON.stringify({ endpoint_url: receiver.url, events: ['organization.created'] }),
      })
      const { secret } = (await answer.json()) as { readonly secret: string }
      await session.engine.createOrganization({ name: 'Acme' })
      const [received] = await receiver.reached(1)
      const sigHeader = String(received?.headers['workos-signature'])
      const payload = JSON.parse(received?.text ?? '')
      const { constructEvent } = session.workos.webhooks
      const construct = (given: object) =>
        constructEvent.call(session.workos.webhooks, { payload, sigHeader, secret, ...given } as never)
      expect(await construct({})).toMatchObject({ event: 'organization.created', data: { name: 'Acme' } })
      await expect(construct({ secret: 'whsec_other' })).rejects.toThrow()
      const data = { ...payload.data, name: 'Acne' }
      await expect(construct({ payload: { ...payload, data } })).rejects.toThrow()
    } finally {
      await session.close()
    }
  })
})

// The older release cannot manage them.
describe.each(sdks.slice(0, 1))('webhook endpoints, SDK $version', (sdk) => {
  test('are managed by the SDK', async () => {
    const session = await startSdk(sdk, { model })
    try {
      const { webhooks } = session.workos
      const made = await webhooks.createWebhookEndpoint({
        endpointUrl: 'https://hooks.example/in',
        events: ['role.created'],
      } as never)
      expect(made).toMatchObject({ endpointUrl: 'https://hooks.example/in', status: 'enabled' })
      expect(made.secret).toMatch(/^whsec_/)
      const changed = await webhooks.updateWebhookEndpoint({ id: made.id, status: 'disabled' })
      expect(changed.status).toBe('disabled')
      expect((await webhooks.listWebhookEndpoints()).data.map(({ id }) => id)).toEqual([made.id])
      await webhooks.deleteWebhookEndpoint({ id: made.id })
      expect((await webhooks.listWebhookEndpoints()).data).toEqual([])
    } finally {
      await session.close()
    }
  })
})
