import type { RequestListener } from 'node:http'
import { NestFactory } from '@nestjs/core'
import { ExpressAdapter } from '@nestjs/platform-express'
import express from 'express'
import express4 from 'express-4'
import serverless from 'serverless-http'
import { beforeAll, beforeEach, describe, expect, onTestFinished, test } from 'vitest'
import { openProduct, type Product } from './product.js'
import { expressApp } from './stacks/express-app.js'
import { nestApp } from './stacks/nest-app.js'
import type { Serving } from './stacks/stack.js'

let product: Product
beforeAll(async () => {
  product = await openProduct()
})

async function nest(serving: Serving, handled: string[]): Promise<RequestListener> {
  const app = await NestFactory.create(nestApp(serving, handled), new ExpressAdapter(), { logger: false })
  onTestFinished(() => app.close())
  await app.init()
  return app.getHttpAdapter().getInstance() as RequestListener
}

// Its requests come over no connection: they have headers, and none as they arrived.
describe.each([
  ['Express 5', (serving: Serving, handled: string[]) => expressApp(express, serving, handled)],
  ['Express 4', (serving: Serving, handled: string[]) => expressApp(express4 as never, serving, handled)],
  ['Nest', nest],
])('%s as a function of API Gateway', (_, appOf) => {
  const handled: string[] = []
  beforeEach(() => {
    handled.length = 0
  })

  async function ask(path: string, headers: Readonly<Record<string, string>>) {
    const { authorizer } = product
    const invoke = serverless(await appOf({ authorizer, cookie: 'session' }, handled))
    const event = {
      version: '2.0',
      rawPath: path,
      rawQueryString: '',
      headers,
      requestContext: { http: { method: 'GET', path, sourceIp: '192.0.2.1' } },
      body: '',
      isBase64Encoded: false,
    }
    const { statusCode } = (await invoke(event, {})) as { readonly statusCode: number }
    return statusCode
  }

  const bearer = (as: keyof Product['tokens']) => `Bearer ${product.tokens[as]}`

  test('lets in who may, by the header as by the cookie, and nobody else', async () => {
    expect(await ask('/projects/web', { authorization: bearer('editor') })).toBe(200)
    expect(await ask('/projects/web', { Authorization: bearer('editor') })).toBe(200)
    expect(await ask('/projects/web', { cookie: `a=1; session=${product.tokens.editor}` })).toBe(200)
    expect(handled).toEqual(['view', 'view', 'view'])
    expect(await ask('/admin/secret', { authorization: bearer('nobody') })).toBe(403)
    expect(await ask('/admin/secret', { authorization: bearer('forged') })).toBe(401)
    expect(await ask('/admin/secret', {})).toBe(401)
    expect(handled).toHaveLength(3)
  })

  test('takes no two tokens, which a gateway joins into one header', async () => {
    for (const [one, other] of [
      ['editor', 'nobody'],
      ['nobody', 'editor'],
    ] as const)
      expect(await ask('/me', { authorization: `${bearer(one)}, ${bearer(other)}` })).toBe(401)
    const two = { authorization: bearer('editor'), cookie: `session=${product.tokens.nobody}` }
    expect(await ask('/me', two)).toBe(401)
    expect(handled).toEqual([])
  })

  test('takes one id in a header, and no two', async () => {
    const authorization = bearer('editor')
    expect(await ask('/named', { authorization, 'x-project': 'web' })).toBe(200)
    expect(await ask('/named', { authorization, 'x-project': 'web, app' })).toBe(400)
    expect(await ask('/named', { authorization, 'x-project': 'app' })).toBe(403)
    expect(handled).toEqual(['named'])
  })
})
