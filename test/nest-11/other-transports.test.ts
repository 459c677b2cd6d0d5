import type { AddressInfo } from 'node:net'
import { createServer } from 'node:net'
import { Authenticated, AuthorizationModule, Public, RequirePermission } from '@bailiwick/nest'
import { Controller, Get, Module, type Type } from '@nestjs/common'
import { NestFactory } from '@nestjs/core'
import { ClientProxyFactory, MessagePattern, Transport } from '@nestjs/microservices'
import { ExpressAdapter } from '@nestjs/platform-express'
import { WsAdapter } from '@nestjs/platform-ws'
import { SubscribeMessage, WebSocketGateway } from '@nestjs/websockets'
import { firstValueFrom, type Observable } from 'rxjs'
import { beforeAll, describe, expect, test } from 'vitest'
import { openProduct, type Product } from '../guards/product.js'

// The packages of the other transports stand beside Nest 11 only: beside Nest 12 they would give our package and
// the tests a Nest of their own each.
let product: Product
beforeAll(async () => {
  product = await openProduct()
})

function moduleOf(parts: { readonly controllers?: Type[]; readonly providers?: Type[] }): Type {
  @Module({
    imports: [AuthorizationModule.forRoot({ authorizer: product.authorizer, unguarded: 'allow' })],
    ...parts,
  })
  class AppModule {}
  return AppModule
}

async function create(module: Type) {
  const app = await NestFactory.create(module, new ExpressAdapter(), { logger: false, abortOnError: false })
  app.useWebSocketAdapter(new WsAdapter(app))
  return app
}

describe('a WebSocket gateway', () => {
  test('does not start with a permission on it: guards of the application do not reach it', async () => {
    @WebSocketGateway()
    class Chat {
      @SubscribeMessage('say')
      @RequirePermission('project:edit')
      say() {}
    }
    const app = await create(moduleOf({ providers: [Chat] }))
    await expect(app.init()).rejects.toThrow('`Chat.say` is a WebSocket gateway, which cannot be guarded yet')
    await app.close()
  })

  test('starts when it is said to be public', async () => {
    @WebSocketGateway()
    @Public()
    class Chat {
      @SubscribeMessage('say')
      say() {}
    }
    const app = await create(moduleOf({ providers: [Chat] }))
    await expect(app.init()).resolves.toBeDefined()
    await app.close()
  })
})

describe('a message handler', () => {
  test('does not start with a permission on it', async () => {
    @Controller()
    class Messages {
      @MessagePattern('move')
      @RequirePermission('project:edit')
      move() {}
    }
    const app = await create(moduleOf({ controllers: [Messages] }))
    await expect(app.init()).rejects.toThrow(
      '`Messages.move` is a message handler, which cannot be guarded yet',
    )
    await app.close()
  })

  test('runs without a decision only where it is said to be public', async () => {
    const handled: string[] = []
    @Controller()
    class Messages {
      @Get('a')
      @Authenticated()
      read() {}

      @MessagePattern('unsaid')
      unsaid() {
        handled.push('unsaid')
        return 'done'
      }

      @MessagePattern('said')
      @Public()
      said() {
        handled.push('said')
        return 'done'
      }
    }
    const port = await freePort()
    const app = await create(moduleOf({ controllers: [Messages] }))
    const transport = { transport: Transport.TCP, options: { host: '127.0.0.1', port } } as const
    app.connectMicroservice(transport, { inheritAppConfig: true })
    await app.init()
    await app.startAllMicroservices()
    const client = ClientProxyFactory.create(transport)
    const send = (pattern: string) => firstValueFrom(client.send(pattern, {}) as Observable<unknown>)
    try {
      await expect(send('unsaid')).rejects.toBeDefined()
      await expect(send('said')).resolves.toBe('done')
      expect(handled).toEqual(['said'])
    } finally {
      client.close()
      await app.close()
    }
  })
})

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return port
}
