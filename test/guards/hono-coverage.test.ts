import { assertGuarded, problems, requireSession, session } from '@bailiwick/hono'
import { type Context, Hono } from 'hono'
import { beforeAll, expect, test } from 'vitest'
import { randomFrom } from '../faults/random.js'
import { openProduct, type Product } from './product.js'

let product: Product
beforeAll(async () => {
  product = await openProduct()
})

const seed = Number(process.env.SEED ?? 20_261_122)
const applications = 1_000

const paths = [
  ...[
    '/',
    '/a',
    '/a/b',
    '/A',
    '/a/',
    '/:x',
    '/:x/b',
    '/a/:x',
    '/:x/:y',
    '*',
    '/*',
    '/a/*',
    '/:x/*',
    '/a*',
    '/*/b',
  ],
  ...['/a/*/b', '/*/*', '/a/:x?', '/:x{[0-9]+}', '/:x{.+}', '/:x{.*}/b', '/a/:x{[^0]+}'],
] as const
const segments = ['', 'a', 'A', 'b', 'ab', '0']
const requests = segments.flatMap((one) => [
  `/${one}`,
  ...segments.map((two) => `/${one}/${two}`),
  `/${one}/b/0`,
  `/${one}/0/b`,
])

/** An application made up at random, with what it is made of in words. */
function anyApplication(upTo: (below: number) => number, handler: (c: Context) => Response) {
  const made = () => new Hono(upTo(4) === 0 ? { strict: false } : {})
  const lines: string[] = []
  const fill = (app: Hono, as: string) => {
    for (let entries = 1 + upTo(3); entries > 0; entries--) {
      const path = paths[upTo(paths.length)] as string
      const kind = upTo(as.length < 3 ? 8 : 6)
      if (kind < 3) {
        lines.push(`${as}.use('${path}', guard)`)
        app.use(path, requireSession())
      } else if (kind < 6) {
        lines.push(`${as}.get('${path}', handler)`)
        app.get(path, handler)
      } else {
        const inner = made()
        lines.push(`${as}.route('${path}', ${as}a)`)
        fill(inner, `${as}a`)
        app.route(path, inner)
      }
    }
  }
  const app = made()
  app.onError(problems())
  app.use(session(product.authorizer))
  fill(app, 'a')
  return { app, lines }
}

test(`what is said to be guarded, however it is put together, nobody reaches without a session, seed ${seed}`, async () => {
  const upTo = randomFrom(seed)
  const told = { guarded: 0, unguarded: 0 }
  let handled = false
  const handler = (c: Context) => {
    handled = true
    return c.text('')
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
      await app.request(url)
      expect(handled, [`${url} in`, ...lines].join('\n  ')).toBe(false)
    }
  }
  expect(Math.min(told.guarded, told.unguarded)).toBeGreaterThan(applications / 10)
})

function isSaidToBeGuarded(app: Hono): boolean {
  try {
    assertGuarded(app, product.authorizer)
    return true
  } catch {
    return false
  }
}
