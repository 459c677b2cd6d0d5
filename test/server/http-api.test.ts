import { readFileSync } from 'node:fs'
import { remoteEngine } from '@bailiwick/client'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { blocksOf } from '../readme/blocks.js'
import { type RawAnswer, request } from './request.js'
import { type StartedServer, startServer } from './start-server.js'

const page = readFileSync(new URL('../../docs/http-api.md', import.meta.url), 'utf8')

let server: StartedServer
beforeAll(async () => {
  server = await startServer()
})
afterAll(() => server.close())

test('the requests of the page are answered as it says, one after the other', async () => {
  const blocks = blocksOf(page)
  let answer: RawAnswer | undefined
  let answers = 0
  for (const { language, lines, line } of blocks) {
    const where = `line ${line}`
    if (language === 'http') {
      const [first = '', ...rest] = lines
      const [method = '', path = ''] = first.split(' ')
      answer = await request(server, { method, path, body: rest.join('\n') })
      expect([where, answer.status]).toEqual([where, method === 'POST' ? expect.toBeOneOf([200, 201]) : 200])
    }
    if (language === 'json') {
      expect({ where, json: answer?.json }).toMatchObject({ where, json: JSON.parse(lines.join('\n')) })
      answers++
    }
  }
  expect(answers).toBeGreaterThan(5)
})

/** Paths that the page tells; a `…` at the beginning stands for what it says. */
const told = new Set(
  [...page.matchAll(/`(?:[A-Z]+ )?([/…][^`\s]*)`/g)]
    .map(([, path = '']) => path.replace(/^…/, '/authorization/organizations/{organization_id}'))
    .filter((path) => !path.endsWith('…')),
)

test('every route that WorkOS does not have is on the page', () => {
  const ours = server.server.routes.filter(({ operation }) =>
    [
      'Subject role assignments',
      'Exclusions',
      'Identity provider',
      'Environment',
      'Resource types',
      'AuthZEN',
      'Checks',
    ].includes(operation.tag),
  )
  expect(ours.length).toBeGreaterThan(30)
  const missing = ours
    .map(({ operation }) => operation.path.replace(/^\/organizations\/\{organization_id\}(?=\/access)/, ''))
    .filter((path) => !told.has(path) && !path.startsWith('/.well-known'))
  expect(missing).toEqual([])
})

test('every path on the page leads somewhere', () => {
  const paths = server.server.routes.map(({ operation }) => operation.path)
  const leads = (path: string) => paths.some((each) => each === path || each.startsWith(`${path}/`))
  expect([...told].filter((path) => !leads(path) && path !== '/openapi.json')).toEqual([])
})

test('every method of the port has its request there', async () => {
  const engine = await remoteEngine({ url: server.url, apiKey: server.apiKey, deadlineMs: 60_000 })
  try {
    const methods = Object.keys(engine).filter((name) => name !== 'capabilities' && name !== 'close')
    const table = page.slice(page.indexOf('## The port, method by method'))
    expect(methods.length).toBeGreaterThan(40)
    expect(methods.filter((name) => !table.includes(`\`${name}\``))).toEqual([])
  } finally {
    await engine.close()
  }
})
