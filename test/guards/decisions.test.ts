import { get } from 'node:http'
import { type Authorizer, createAuthorizer, type DecisionRecord } from '@bailiwick/client'
import { parseMembershipId, parseOrganizationId } from '@bailiwick/core'
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { openProduct, type Person, type Product } from './product.js'
import { stacks } from './stacks/index.js'
import type { Served, Serving } from './stacks/stack.js'

let product: Product
beforeAll(async () => {
  product = await openProduct()
})

interface Page {
  readonly routes: readonly { readonly path: string; readonly demands: string }[]
  readonly decisions: readonly Record<string, unknown>[]
}

describe.each(stacks)('$name', (stack) => {
  let authorizer: Authorizer
  let app: Served | undefined
  let heard: DecisionRecord[]
  beforeEach(() => {
    authorizer = createAuthorizer({ engine: product.engine, session: product.session })
    heard = []
  })
  afterEach(async () => {
    await app?.close()
    app = undefined
  })

  async function serve(serving: Partial<Serving> = {}): Promise<void> {
    app = await stack.serve({ authorizer, ...serving })
  }

  async function ask(path: string, person: Person, method = 'GET') {
    const response = await fetch(`http://127.0.0.1:${app?.port}${path}`, {
      method,
      headers: { authorization: `Bearer ${product.tokens[person]}` },
    })
    return { status: response.status, body: (await response.json()) as Record<string, unknown> }
  }

  /** The page, as JSON or as a browser gets it. */
  function page(
    headers: Record<string, string> = {},
  ): Promise<{ readonly status: number; readonly text: string }> {
    return new Promise((resolve, reject) => {
      const asked = get({ port: app?.port, host: '127.0.0.1', path: '/__authz', headers }, (response) => {
        let text = ''
        response.setEncoding('utf8').on('data', (piece: string) => {
          text += piece
        })
        response.on('end', () => resolve({ status: response.statusCode ?? 0, text }))
      })
      asked.on('error', reject)
    })
  }

  describe('whoever hears of decisions', () => {
    test('hears of each, under the id that the denial tells the caller', async () => {
      authorizer.onDecision((record) => heard.push(record))
      await serve()
      expect((await ask('/projects/web', 'editor', 'PATCH')).status).toBe(200)
      const { body } = await ask('/projects/app', 'editor', 'PATCH')
      expect(heard).toMatchObject([
        {
          permission: 'project:edit',
          target: { type: 'project', externalId: 'web' },
          session: { userId: 'editor' },
          outcome: { kind: 'decided', decision: { kind: 'allow' }, by: 'engine' },
        },
        {
          id: body.decisionId,
          target: { externalId: 'app' },
          outcome: { kind: 'decided', decision: { kind: 'deny', reason: 'no_grant' } },
        },
      ])
      expect(body.decisionId).toMatch(/^dec_[0-9a-f]{32}$/)
      expect(JSON.stringify(heard)).not.toContain(product.tokens.editor)
    })

    test('is all that a denial points to in production', async () => {
      authorizer.onDecision((record) => heard.push(record))
      await serve({ problems: { explain: true, log: () => {} } })
      process.env.NODE_ENV = 'production'
      try {
        const { body } = await ask('/projects/app', 'editor', 'PATCH')
        expect(body).not.toHaveProperty('explain')
        expect(heard).toMatchObject([{ id: body.decisionId, session: { userId: 'editor' } }])
      } finally {
        process.env.NODE_ENV = 'test'
      }
    })

    test('hears of what could not be decided, and decides nothing by failing', async () => {
      authorizer = product.authorizerDown
      const stop = authorizer.onDecision((record) => {
        heard.push(record)
        throw new Error('the log is full')
      })
      await serve()
      expect((await ask('/projects/web', 'editor', 'PATCH')).status).toBe(503)
      expect(heard).toMatchObject([{ outcome: { kind: 'undecided', code: 'store_unavailable' } }])
      stop()
      await ask('/projects/web', 'editor', 'PATCH')
      expect(heard).toHaveLength(1)
    })

    test('hears of a denial where an id belongs to another type, and nobody explains that as allowed', async () => {
      await product.engine.assignRole({
        organizationId: parseOrganizationId('org_acme'),
        subject: { membershipId: parseMembershipId('om_biller') },
        role: 'workspace-admin',
        resource: { type: 'workspace', externalId: 'eng' },
      })
      authorizer.onDecision((record) => heard.push(record))
      await serve({ problems: { explain: true, log: () => {} }, developmentPage: true })
      expect((await ask(`/ids/${product.webId}`, 'biller')).status).toBe(200)
      const { status, body } = await ask(`/ids/${product.workspaceId}`, 'biller')
      const why = `denied: \`${product.workspaceId}\` is workspace \`eng\`, and another type is guarded here`
      expect([status, body.explain]).toEqual([403, [why]])
      expect(heard.map(({ id }) => id)).toContain(body.decisionId)
      expect(heard.map(({ outcome }) => outcome)).toMatchObject([
        { decision: { kind: 'allow' } },
        { decision: { kind: 'deny', reason: 'resource_unknown' } },
      ])
      const { decisions } = JSON.parse((await page({ accept: 'application/json' })).text) as Page
      expect(decisions[0]).toMatchObject({ outcome: 'deny', sentences: [why] })
    })

    test('is not given away by a concealed denial, and nobody else is told an id', async () => {
      await serve()
      expect((await ask('/projects/app', 'editor', 'PATCH')).body).not.toHaveProperty('decisionId')
      authorizer.onDecision((record) => heard.push(record))
      expect((await ask('/projects/app', 'editor')).body).toEqual(
        (await ask('/projects/nowhere', 'editor')).body,
      )
      expect(heard).toHaveLength(2)
    })
  })

  describe('the page for development', () => {
    test('shows routes, the last decisions, and why', async () => {
      await serve({ developmentPage: true })
      await ask('/projects/web', 'editor', 'PATCH')
      await ask('/projects/app', 'editor', 'PATCH')
      const { routes, decisions } = JSON.parse((await page({ accept: 'application/json' })).text) as Page
      expect(routes.find(({ path }) => path === '/me')).toMatchObject({ demands: 'a session' })
      expect(decisions).toMatchObject([
        {
          who: 'editor',
          permission: 'project:edit',
          on: 'project app',
          outcome: 'deny',
          sentences: expect.arrayContaining([
            expect.stringMatching(/^to grant it: await engine\.assignRole/),
          ]),
        },
        { on: 'project web', outcome: 'allow', by: 'engine' },
      ])
      // Of what the engine has denied, not what the token alone would say.
      await ask('/fresh/web', 'wide')
      const [newest] = (JSON.parse((await page({ accept: 'application/json' })).text) as Page).decisions
      expect(newest).toMatchObject({
        outcome: 'deny',
        sentences: expect.arrayContaining([expect.stringMatching(/^denied: /)]),
      })
      const { text } = await page()
      expect(text).toMatch(/^<!doctype html>[\s\S]*project:edit on project app/)
    })

    test('keeps a hundred, and shows what is named in a request as text', async () => {
      await serve({ developmentPage: true })
      await ask('/projects/%3Cscript%3E', 'editor', 'PATCH')
      expect((await page()).text).toContain('project &#60;script&#62;')
      for (let each = 0; each < 101; each += 1) await ask('/projects/web', 'editor', 'PATCH')
      const { text } = await page({ accept: 'application/json' })
      expect((JSON.parse(text) as Page).decisions).toHaveLength(100)
      expect(text).not.toContain('script')
    })

    test('is there for nobody who comes by another name, in production, or unasked', async () => {
      await serve({ developmentPage: true })
      expect((await page({ host: 'localhost:3000' })).status).toBe(200)
      expect((await page({ host: 'rebound.example' })).status).toBe(404)
      await app?.close()
      process.env.NODE_ENV = 'production'
      try {
        await serve({ developmentPage: true })
        expect((await page()).status).toBe(404)
        await app?.close()
      } finally {
        process.env.NODE_ENV = 'test'
      }
      await serve()
      expect((await page()).status).toBe(404)
    })
  })
})
