import { randomUUID } from 'node:crypto'
import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Authorizer } from '@bailiwick/client'
import { ScopeTooLarge, StoreUnavailable } from '@bailiwick/core'
import {
  all,
  any,
  arg,
  assertGuarded,
  authorizationOf,
  permission,
  protectedResource,
  requirePermission,
  requireSession,
  type ToolRequirements,
  toolGuard,
} from '@bailiwick/mcp'
import { type TestEngine, testEngine } from '@bailiwick/testing'
import { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js'
import { InMemoryTransport } from '@modelcontextprotocol/sdk/inMemory.js'
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js'
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js'
import { type JSONRPCMessage, ListToolsRequestSchema } from '@modelcontextprotocol/sdk/types.js'
import express from 'express'
import {
  afterAll,
  afterEach,
  beforeAll,
  beforeEach,
  describe,
  expect,
  onTestFinished,
  test,
  vi,
} from 'vitest'
import { z } from 'zod'
import { model, openProduct } from './product.js'

const toOther = {
  error: expect.objectContaining({ message: expect.stringContaining('opened by somebody else') }),
}

const tools: ToolRequirements = {
  rename: requirePermission('project:edit', { resource: arg('projectId') }),
  peek: requirePermission('project:view', { resource: arg('at.projectId'), conceal: true }),
  bill: requirePermission('billing:manage'),
  whoami: requireSession(),
  either: requirePermission(any(permission('billing:manage', { scope: 'organization' }), 'project:edit'), {
    resource: arg('projectId'),
  }),
  both: requirePermission(all(permission('billing:manage', { scope: 'organization' }), 'project:edit'), {
    resource: arg('projectId'),
  }),
}

let bed: TestEngine<typeof model>
let server: Server
let address: string
let handled: string[]
const clients: Client[] = []

beforeAll(async () => {
  bed = await testEngine({
    model,
    agents: { type: 'assistant' },
    organizations: {
      acme: {
        resources: {
          'assistant:scribe': {},
          'assistant:idle': {},
          'workspace:eng': { 'project:web': {}, 'project:app': {} },
        },
        people: {
          ada: { roles: ['owner'] },
          bob: { on: { 'project:web': 'project-editor' } },
          eve: {},
        },
        agents: { 'assistant:scribe': { on: { 'project:web': 'project-editor' } } },
      },
    },
  })
  server = createServer(application(bed.authz) as RequestListener)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  address = `http://127.0.0.1:${(server.address() as AddressInfo).port}/mcp`
})
beforeEach(() => {
  handled = []
})
afterEach(async () => {
  for (const client of clients.splice(0)) await client.close()
})
afterAll(async () => {
  server.closeAllConnections()
  await new Promise((resolve) => server.close(resolve))
  await bed.close()
})

/** A server with the tools above, and one that nobody has said anything about. */
function mcpServer(): McpServer {
  const made = new McpServer({ name: 'product', version: '1.0.0' })
  const answer = (name: string, user: string | undefined) => {
    handled.push(name)
    return { content: [{ type: 'text' as const, text: `${name} by ${user}` }] }
  }
  const inputSchema = { projectId: z.unknown().optional(), at: z.unknown().optional() }
  for (const name of [...Object.keys(tools), 'forgotten']) {
    made.registerTool(name, { inputSchema }, (_args, extra) =>
      answer(name, authorizationOf(extra).session?.userId),
    )
  }
  return made
}

function application(authz: Authorizer) {
  const guard = toolGuard(authz, tools)
  const transports = new Map<string, StreamableHTTPServerTransport>()
  const door = protectedResource(authz, {
    resource: 'https://mcp.example.com/mcp',
    authorizationServers: ['https://login.example.com'],
  })
  const app = express()
  app.get(door.metadataPath, door.metadata)
  app.all('/mcp', door.requireSession, express.json(), async (req, res) => {
    const known = transports.get(String(req.headers['mcp-session-id']))
    const transport =
      known ??
      new StreamableHTTPServerTransport({
        sessionIdGenerator: randomUUID,
        onsessioninitialized: (id) => void transports.set(id, transport),
      })
    if (known === undefined) await mcpServer().connect(guard.over(transport))
    await transport.handleRequest(req as IncomingMessage, res, req.body)
  })
  return app
}

async function connect(token: string): Promise<Client> {
  const client = new Client({ name: 'test', version: '1.0.0' })
  const headers = { authorization: `Bearer ${token}` }
  const transport = new StreamableHTTPClientTransport(new URL(address), { requestInit: { headers } })
  await client.connect(transport)
  clients.push(client)
  return client
}

const as = async (person: string, ...actors: readonly string[]) =>
  connect(await bed.tokenFor(person, { actors }))

async function call(client: Client, name: string, args: Record<string, unknown> = {}) {
  const { content, isError = false } = await client.callTool({ name, arguments: args })
  return { isError, text: (content as readonly { readonly text: string }[])[0]?.text }
}

const listed = async (client: Client) => (await client.listTools()).tools.map(({ name }) => name)

describe('a call', () => {
  test('runs where the session may, and reads as an error of the tool where it may not', async () => {
    const bob = await as('bob')
    expect(await call(bob, 'rename', { projectId: 'web' })).toEqual({
      isError: false,
      text: 'rename by user_bob',
    })
    expect(await call(bob, 'rename', { projectId: 'app' })).toEqual({
      isError: true,
      text: 'access_denied: this needs `project:edit` on project `app`',
    })
    expect(await call(bob, 'bill')).toMatchObject({ isError: true })
    expect(await call(await as('ada'), 'bill')).toMatchObject({ isError: false })
    expect(handled).toEqual(['rename', 'bill'])
  })

  test('names its resource by an argument, once and as a string', async () => {
    const bob = await as('bob')
    for (const args of [{}, { projectId: ['web'] }, { projectId: { id: 'web' } }, { projectId: '../web' }]) {
      const { isError, text } = await call(bob, 'rename', args)
      expect([isError, text]).toEqual([
        true,
        expect.stringMatching(/^resource_not_located: arg\('projectId'\)/),
      ])
    }
    expect(await call(bob, 'peek', { at: { projectId: 'web' } })).toMatchObject({ isError: false })
    expect(await call(bob, 'peek', { at: { projectId: 'app' } })).toEqual(
      await call(bob, 'peek', { at: { projectId: 'nowhere' } }),
    )
    expect(handled).toEqual(['peek'])
  })

  test('needs one of several permissions, or all of them', async () => {
    const [ada, bob] = [await as('ada'), await as('bob')]
    const on = { projectId: 'web' }
    expect([(await call(bob, 'either', on)).isError, (await call(bob, 'both', on)).isError]).toEqual([
      false,
      true,
    ])
    expect([(await call(ada, 'either', on)).isError, (await call(ada, 'both', on)).isError]).toEqual([
      false,
      false,
    ])
  })

  test('of a tool that nobody has said anything about is one of a tool that is not there', async () => {
    const ada = await as('ada')
    await expect(call(ada, 'forgotten')).rejects.toThrow('-32602: Unknown tool: forgotten')
    await expect(call(ada, 'toString')).rejects.toThrow('Unknown tool: toString')
    expect(handled).toEqual([])
  })

  test('of an agent runs where both it and its user may', async () => {
    const on = { projectId: 'web' }
    expect(await call(await as('bob', 'scribe'), 'rename', on)).toMatchObject({ isError: false })
    expect(await call(await as('bob', 'idle'), 'rename', on)).toMatchObject({ isError: true })
    expect(await call(await as('eve', 'scribe'), 'rename', on)).toMatchObject({ isError: true })
    expect(await call(await as('ada', 'scribe'), 'rename', { projectId: 'app' })).toMatchObject({
      isError: true,
    })
  })

  test('is decided anew each time: a role that is taken away is gone at the next one', async () => {
    const eve = await as('eve')
    const { organizationId, id } = bed.membership('eve')
    const subject = { membershipId: id }
    const resource = { type: 'project', externalId: 'web' }
    const rename = async () => (await call(eve, 'rename', { projectId: 'web' })).isError
    expect([await rename(), await listed(eve)]).toEqual([true, ['whoami']])
    await bed.engine.assignRole({ organizationId, subject, role: 'project-editor', resource })
    expect([await rename(), await listed(eve)]).toEqual([false, ['rename', 'peek', 'whoami', 'either']])
    await bed.engine.replaceAssignments(organizationId, subject, [])
    expect([await rename(), await listed(eve)]).toEqual([true, ['whoami']])
  })
})

describe('a list of tools', () => {
  test('shows those that the session may call somewhere', async () => {
    expect(await listed(await as('ada'))).toEqual(['rename', 'peek', 'bill', 'whoami', 'either', 'both'])
    expect(await listed(await as('bob'))).toEqual(['rename', 'peek', 'whoami', 'either'])
    expect(await listed(await as('eve'))).toEqual(['whoami'])
  })

  test('shows what may be called on more resources than can be named', async () => {
    const scope = vi.spyOn(bed.engine, 'scope').mockImplementation(async ({ permission }) => {
      throw permission === 'project:edit'
        ? new ScopeTooLarge(permission, 10_000)
        : new StoreUnavailable('the store is down')
    })
    onTestFinished(() => scope.mockRestore())
    const list = async (shown: ToolRequirements) => {
      const [ours, theirs] = InMemoryTransport.createLinkedPair()
      const token = await bed.tokenFor('eve')
      const mcp = mcpServer()
      await mcp.connect(toolGuard(bed.authz, shown).over(ours))
      const answers: JSONRPCMessage[] = []
      theirs.onmessage = (message) => void answers.push(message)
      const authInfo = { token, clientId: 'x', scopes: [] }
      await theirs.send({ jsonrpc: '2.0', id: 1, method: 'tools/list' }, { authInfo })
      await expect.poll(() => answers.length).toBe(1)
      await mcp.close()
      return answers[0]
    }
    const resource = arg('projectId')
    const rename = requirePermission('project:edit', { resource })
    const peek = requirePermission('project:view', { resource })
    expect(await list({ rename })).toMatchObject({ result: { tools: [{ name: 'rename' }] } })
    // What cannot be decided for another reason shows nothing.
    expect(await list({ rename, peek })).toMatchObject({ error: expect.anything() })
  })

  test('shows an agent what both it and its user may call', async () => {
    expect(await listed(await as('ada', 'scribe'))).toEqual(['rename', 'peek', 'whoami', 'either'])
    expect(await listed(await as('ada', 'idle'))).toEqual(['whoami'])
  })

  test('shows nothing where nobody has asked for it: one id that is used twice is answered once', async () => {
    const [ours, theirs] = InMemoryTransport.createLinkedPair()
    const answers: JSONRPCMessage[] = []
    theirs.onmessage = (message) => void answers.push(message)
    const guarded = toolGuard(bed.authz, tools).over(ours)
    await guarded.start()
    const authInfo = { token: await bed.tokenFor('ada'), clientId: 'x', scopes: [] }
    const asked = vi.fn()
    guarded.onmessage = asked
    await theirs.send({ jsonrpc: '2.0', id: 1, method: 'tools/list' }, { authInfo })
    await expect.poll(() => asked.mock.calls.length).toBe(1)
    const list = { tools: [{ name: 'whoami', inputSchema: { type: 'object' } }] }
    for (const id of [1, 1, 2]) await guarded.send({ jsonrpc: '2.0', id, result: list })
    expect(answers.map((answer) => 'result' in answer && answer.result.tools)).toEqual([list.tools, [], []])
    await theirs.send({ jsonrpc: '2.0', id: 3, method: 'tools/list' }, { authInfo })
    await expect.poll(() => asked.mock.calls.length).toBe(2)
    await guarded.send({ jsonrpc: '2.0', id: 3, error: { code: -32_603, message: 'a bug' } })
    await guarded.send({ jsonrpc: '2.0', id: 3, result: list })
    expect(answers.at(-1)).toMatchObject({ id: 3, result: { tools: [] } })
    await guarded.close()
  })
})

describe('a tool that the guard does not know', () => {
  /** A server with some tools, of which one page holds one. */
  function serverWith(...names: readonly string[]): McpServer {
    const made = new McpServer({ name: 'product', version: '1.0.0' })
    for (const name of names) made.registerTool(name, {}, () => ({ content: [] }))
    if (names.length === 0) return made
    made.server.setRequestHandler(ListToolsRequestSchema, ({ params }) => {
      const at = Number(params?.cursor ?? 0)
      const tools = [{ name: names[at] as string, inputSchema: { type: 'object' as const } }]
      return at + 1 < names.length ? { tools, nextCursor: String(at + 1) } : { tools }
    })
    return made
  }

  test('is refused at start, with the line to add', async () => {
    const guard = toolGuard(bed.authz, tools)
    await expect(assertGuarded(mcpServer(), guard)).rejects.toThrow(
      'this server is not guarded:\n- the tool `forgotten` is not named to the guard, so nobody sees or calls it: add `"forgotten": requirePermission(…)`, or `requireSession()`',
    )
    await expect(assertGuarded(serverWith('bill', 'renam'), guard)).rejects.toThrow(
      '(it names `rename`, which the server does not have)',
    )
    const server = serverWith('bill', 'whoami')
    await expect(assertGuarded(server, guard)).resolves.toBeUndefined()
    await expect(assertGuarded(serverWith(), guard)).resolves.toBeUndefined()
    // As free as before: the same one is then connected to its clients.
    await expect(server.connect(InMemoryTransport.createLinkedPair()[0])).resolves.toBeUndefined()
    await server.close()
  })

  test('is warned of at the first list that it would have been in, and once', async () => {
    const warnings = vi.spyOn(process, 'emitWarning').mockImplementation(() => {})
    const guard = toolGuard(bed.authz, tools)
    for (const _ of [1, 2]) {
      const [ours, theirs] = InMemoryTransport.createLinkedPair()
      await mcpServer().connect(guard.over(ours))
      const answered = new Promise((resolve) => {
        theirs.onmessage = resolve
      })
      const authInfo = { token: await bed.tokenFor('ada'), clientId: 'x', scopes: [] }
      await theirs.send({ jsonrpc: '2.0', id: 1, method: 'tools/list' }, { authInfo })
      expect(JSON.stringify(await answered)).not.toContain('forgotten')
      await theirs.close()
    }
    expect(warnings.mock.calls).toEqual([
      [expect.stringContaining('the tool `forgotten` is not named'), { code: 'BAILIWICK_TOOL_UNNAMED' }],
    ])
    warnings.mockRestore()
  })
})

describe('without a valid session', () => {
  test('a request is 401, and the challenge leads to where tokens are to be had', async () => {
    const ask = async (headers: Record<string, string> = {}) =>
      fetch(address, {
        method: 'POST',
        body: '{}',
        headers: { 'content-type': 'application/json', ...headers },
      })
    const anonymous = await ask()
    const leading = 'resource_metadata="https://mcp.example.com/.well-known/oauth-protected-resource/mcp"'
    expect([anonymous.status, anonymous.headers.get('www-authenticate')]).toEqual([401, `Bearer ${leading}`])
    const forged = await ask({ authorization: 'Bearer abc' })
    expect([forged.status, forged.headers.get('www-authenticate')]).toEqual([
      401,
      `Bearer error="invalid_token", ${leading}`,
    ])
    const metadata = await fetch(new URL('/.well-known/oauth-protected-resource/mcp', address))
    expect([metadata.headers.get('access-control-allow-origin'), await metadata.json()]).toEqual([
      '*',
      {
        resource: 'https://mcp.example.com/mcp',
        authorization_servers: ['https://login.example.com'],
        bearer_methods_supported: ['header'],
      },
    ])
  })

  test('nothing gets through the guard itself either', async () => {
    const [ours, theirs] = InMemoryTransport.createLinkedPair()
    const answers: JSONRPCMessage[] = []
    theirs.onmessage = (message) => void answers.push(message)
    const mcp = mcpServer()
    const errors: unknown[] = []
    await mcp.connect(toolGuard(bed.authz, tools).over(ours))
    mcp.server.onerror = (error) => void errors.push(error)
    const send = async (message: object, token?: string) => {
      const authInfo = token === undefined ? undefined : { token, clientId: 'x', scopes: [] }
      await theirs.send(
        { jsonrpc: '2.0', ...message } as JSONRPCMessage,
        authInfo && ({ authInfo } as object),
      )
    }
    await send({ id: 1, method: 'tools/list' })
    await send({ id: 2, method: 'tools/call', params: { name: 'whoami' } }, 'forged')
    await send({ method: 'notifications/initialized' })
    await expect.poll(() => [answers.length, errors.length]).toEqual([2, 1])
    expect(answers).toEqual([
      { jsonrpc: '2.0', id: 1, error: expect.objectContaining({ code: -32_001 }) },
      { jsonrpc: '2.0', id: 2, error: expect.objectContaining({ code: -32_001 }) },
    ])
    await send({ id: 3, method: 'tools/call', params: { name: 'whoami' } }, await bed.tokenFor('bob'))
    await send({ id: 4, method: 'tools/call', params: { name: 'whoami' } }, await bed.tokenFor('ada'))
    await expect.poll(() => answers.length).toBe(4)
    // The connection is Bob's, who spoke first.
    expect(answers.find((answer) => 'id' in answer && answer.id === 4)).toMatchObject({
      error: { message: expect.stringContaining('opened by somebody else') },
    })
    expect(handled).toEqual(['whoami'])
    await mcp.close()
  })

  test('another person does not get into a session whose id she knows', async () => {
    const bob = await as('bob')
    const id = (bob.transport as StreamableHTTPClientTransport).sessionId as string
    const response = await fetch(address, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${await bed.tokenFor('ada')}`,
        'content-type': 'application/json',
        accept: 'application/json, text/event-stream',
        'mcp-session-id': id,
        'mcp-protocol-version': '2025-06-18',
      },
      body: JSON.stringify({ jsonrpc: '2.0', id: 'x', method: 'tools/list' }),
    })
    expect(await response.text()).toContain('opened by somebody else')
    expect(await listed(bob)).toContain('rename')
  })
})

test('what cannot be decided is an error, and no tool runs', async () => {
  const product = await openProduct()
  const [ours, theirs] = InMemoryTransport.createLinkedPair()
  const answers: JSONRPCMessage[] = []
  theirs.onmessage = (message) => void answers.push(message)
  const mcp = mcpServer()
  await mcp.connect(toolGuard(product.authorizerDown, tools).over(ours))
  const authInfo = { token: product.tokens.editor, clientId: 'x', scopes: [] }
  const params = { name: 'rename', arguments: { projectId: 'web' } }
  await theirs.send({ jsonrpc: '2.0', id: 1, method: 'tools/call', params }, { authInfo })
  await expect.poll(() => answers.length).toBe(1)
  expect(answers[0]).toMatchObject({
    result: {
      isError: true,
      content: [{ text: 'store_unavailable: this cannot be decided now; try again' }],
    },
  })
  expect(handled).toEqual([])
  await mcp.close()
})

describe('over a connection', () => {
  /** One that a product's guard stands on, with what comes back by the ids of what was sent. */
  async function over(authorizer: Authorizer, shown: ToolRequirements = tools) {
    const [ours, theirs] = InMemoryTransport.createLinkedPair()
    const answers = new Map<unknown, JSONRPCMessage>()
    theirs.onmessage = (message) => void answers.set('id' in message && message.id, message)
    const mcp = mcpServer()
    await mcp.connect(toolGuard(authorizer, shown).over(ours))
    onTestFinished(() => mcp.close())
    let sent = 0
    return async (token: string, method: string, params: Record<string, unknown> = {}) => {
      const id = ++sent
      const authInfo = { token, clientId: 'x', scopes: [] }
      await theirs.send({ jsonrpc: '2.0', id, method, params }, { authInfo })
      await expect.poll(() => answers.has(id)).toBe(true)
      return answers.get(id)
    }
  }
  const whoami = { name: 'whoami', arguments: {} }

  test('nobody speaks for another of her organizations', async () => {
    const product = await openProduct()
    const say = await over(product.authorizer)
    expect(await say(product.tokens.editor, 'tools/call', whoami)).toMatchObject({ result: {} })
    const elsewhere = await product.tokenFor('editor', { organization: 'org_globex' })
    expect(await say(elsewhere, 'tools/call', whoami)).toMatchObject(toOther)
    const again = await product.tokenFor('editor')
    expect(await say(again, 'tools/call', whoami)).toMatchObject({ result: {} })
  })

  test('nobody speaks for herself where an agent did, nor the other way round', async () => {
    const [bob, scribe] = [await bed.tokenFor('bob'), await bed.tokenFor('bob', { actors: ['scribe'] })]
    for (const [first, second] of [
      [bob, scribe],
      [scribe, bob],
    ] as const) {
      const say = await over(bed.authz)
      expect(await say(first, 'tools/call', whoami)).toMatchObject({ result: {} })
      expect(await say(second, 'tools/call', whoami)).toMatchObject(toOther)
    }
  })

  test.each([
    ['on a resource', { resource: arg('projectId') }],
    ['on the organization', { scope: 'organization' }],
  ] as const)(
    'a list shows by the token what is not fresh, and asks the engine for what is: %s',
    async (_, on) => {
      const product = await openProduct()
      const list = async (fresh: boolean) => {
        const say = await over(product.authorizer, {
          rename: requirePermission('project:edit', { ...on, fresh }),
        })
        return say(product.tokens.wide, 'tools/list')
      }
      expect(await list(false)).toMatchObject({ result: { tools: [{ name: 'rename' }] } })
      expect(await list(true)).toMatchObject({ result: { tools: [] } })
    },
  )

  test('a locator that fails says nothing of why, and no tool runs', async () => {
    const resource = () => Promise.reject(new Error('db.internal refused the password'))
    const say = await over(bed.authz, { rename: requirePermission('project:edit', { resource }) })
    const answer = await say(await bed.tokenFor('ada'), 'tools/call', { name: 'rename', arguments: {} })
    expect(answer).toMatchObject({
      error: { code: -32_603, message: expect.stringMatching(/Internal error$/) },
    })
    expect(JSON.stringify(answer)).not.toContain('db.internal')
    expect(handled).toEqual([])
  })
})

describe('a guard is refused at start', () => {
  const made = (requirement: ToolRequirements[string]) => () => toolGuard(bed.authz, { tool: requirement })

  test('when it does not say which resource, or looks for it in a path', () => {
    expect(made(requirePermission('project:edit'))).toThrow("add `resource: arg('projectId')`")
    expect(made(requirePermission('project:edit', { scope: 'organization' }))).not.toThrow()
    const inPath = { source: 'param', name: 'id' } as const
    expect(made(requirePermission('project:edit', { resource: inPath }))).toThrow("say `arg('id')`")
  })

  test('when it asks for what the model does not have, or for nothing', () => {
    expect(made(requirePermission('project:edt'))).toThrow('did you mean `project:edit`?')
    expect(made({ kind: 'public' })).toThrow('the tool `tool` is open to anybody')
  })

  test('when the address of the server is none', () => {
    for (const resource of ['/mcp', 'https://mcp.example.com/#x']) {
      const options = { resource, authorizationServers: ['https://login.example.com'] as const }
      expect(() => protectedResource(bed.authz, options)).toThrow('an absolute address without a fragment')
    }
  })
})
