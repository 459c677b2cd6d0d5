import { IncomingMessage, ServerResponse } from 'node:http'
import { Socket } from 'node:net'
import { assertGuarded, requireSession, session } from '@bailiwick/express'
import express, { type Express, type IRouter, type RequestHandler } from 'express'
import express4 from 'express-4'
import { beforeAll, describe, expect, test } from 'vitest'
import { randomFrom } from '../faults/random.js'
import { openProduct, type Product } from './product.js'

let product: Product
beforeAll(async () => {
  product = await openProduct()
})

const seed = Number(process.env.SEED ?? 20_261_122)
const applications = 1_000

const everywhere = [
  '/',
  '/a',
  '/a/b',
  '/A',
  '/a/',
  '/:x',
  '/:x/b',
  '/a/:x',
  '/:x/:y',
  /^\/[^0-9]+$/,
  /^\/a/,
] as const
const paths = {
  'Express 5': [...everywhere, '/{:x/}b', '/a{/:x}', '/a{b}/:x', '/*w', '/a/*w', ['/a/b', '/:x']],
  'Express 4': [...everywhere, '/:x?/b', '/a/:x?', '/ab?/:x', '*', '/a*', '/:x([^0-9]+)/b', ['/a/b', '/:x']],
} as const
const segments = ['', 'a', 'A', 'b', 'B', 'ab', '0']
const requests = segments.flatMap((one) => [
  `/${one}`,
  ...segments.map((two) => `/${one}/${two}`),
  `/${one}/b/0`,
])

describe.each([
  ['Express 5', express],
  ['Express 4', express4],
] as const)('what %s is said to guard, however its routers are put together,', (name, factory) => {
  /** An application made up at random, with what it is made of in words. */
  function anyApplication(upTo: (limit: number) => number, handler: RequestHandler) {
    const some = <T>(list: readonly T[]) => list[upTo(list.length)] as T
    const isSo = () => upTo(2) === 0
    const lines: string[] = []
    const fill = (router: IRouter, as: string) => {
      for (let entries = 1 + upTo(3); entries > 0; entries--) {
        const path = some<string | RegExp | readonly string[]>(paths[name]) as string
        const kind = upTo(as.length < 3 ? 8 : 5)
        const shown = `'${String(path)}'`
        if (kind < 2) {
          lines.push(`${as}.use(${shown}, guard)`)
          router.use(path, requireSession())
        } else if (kind < 5) {
          lines.push(`${as}.get(${shown}, handler)`)
          router.get(path, handler)
        } else {
          const inner = factory.Router({ caseSensitive: isSo(), mergeParams: isSo(), strict: isSo() })
          lines.push(`${as}.use(${shown}, ${as}a)`)
          fill(inner, `${as}a`)
          router.use(path, inner)
        }
      }
    }
    const app: Express = factory()
    for (const setting of ['case sensitive routing', 'strict routing']) if (isSo()) app.enable(setting)
    app.use(session(product.authorizer))
    fill(app, 'a')
    return { app, lines }
  }

  test(`nobody reaches without a session, seed ${seed}`, async () => {
    const upTo = randomFrom(seed)
    const told = { guarded: 0, unguarded: 0 }
    let handled = false
    const handler: RequestHandler = (_req, res) => {
      handled = true
      res.end()
    }
    for (let count = 0; count < applications; count++) {
      const { app, lines } = anyApplication(upTo, handler)
      if (!isSaidToBeGuarded(app)) {
        told.unguarded++
        continue
      }
      told.guarded++
      for (const url of requests) {
        handled = false
        await send(app, url)
        expect(handled, [`${url} in`, ...lines].join('\n  ')).toBe(false)
      }
    }
    expect(Math.min(told.guarded, told.unguarded)).toBeGreaterThan(applications / 10)
  })
})

function isSaidToBeGuarded(app: Express): boolean {
  try {
    assertGuarded(app, product.authorizer)
    return true
  } catch {
    return false
  }
}

/** Without a server, which would take a hundred times as long. */
function send(app: Express, url: string): Promise<void> {
  const req = Object.assign(new IncomingMessage(new Socket()), { method: 'GET', url })
  const res = new ServerResponse(req)
  return new Promise((resolve) => {
    res.end = () => {
      resolve()
      return res
    }
    app(req as never, res as never, () => resolve())
  })
}
