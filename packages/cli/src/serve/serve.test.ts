import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { StoreUnavailable } from '@bailiwick/core'
import { KeyRing } from '@bailiwick/server'
import { expect, onTestFinished, test, vi } from 'vitest'
import { type ServeOptions, serve } from './serve.js'

test('a service that cannot make its first key does not listen on, and leaves its file to the next one', async () => {
  const cwd = mkdtempSync(join(tmpdir(), 'bailiwick-'))
  onTestFinished(() => rmSync(cwd, { recursive: true }))
  const options: ServeOptions = {
    data: join(cwd, 'authz.db'),
    port: await freePort(),
    host: '127.0.0.1',
    memory: 64,
    maxInFlight: 10,
    metrics: 'key',
    unknownUsers: 'create',
    webhookTargets: 'public',
    logLevel: 'silent',
  }
  const create = vi.spyOn(KeyRing.prototype, 'create').mockRejectedValue(new StoreUnavailable('no room'))
  onTestFinished(() => create.mockRestore())
  await expect(serve(options)).rejects.toThrow('no room')
  await expect(fetch(`http://127.0.0.1:${options.port}/health`)).rejects.toThrow()
  create.mockRestore()
  const running = await serve(options)
  expect((await fetch(running.url)).status).toBeGreaterThan(0)
  expect(running.firstKey).toMatch(/^sk_/)
  await running.stop()
})

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return port
}
