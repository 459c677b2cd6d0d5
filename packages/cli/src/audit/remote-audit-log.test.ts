import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setImmediate } from 'node:timers/promises'
// Commands load it when they need it, which is no part of what a test takes.
import '@bailiwick/client'
import { expect, onTestFinished, test } from 'vitest'
import { remoteAuditLog } from './remote-audit-log.js'

const end = `{"end":2,"position":7,"head":"${'a'.repeat(64)}"}`

test.each([
  ['its end', `{"store":"s"}\n{"action":"x"}\n${end}\n`],
  ['its end alone', `${end}\n`],
  ['the end of a log without a chain', '{"store":"s"}\n{"end":0,"position":0,"head":null}\n'],
])('an audit log with %s is whole', async (_, log) => {
  expect(await read(log)).toBe(log)
})

test.each([
  ['nothing', ''],
  ['no end', '{"store":"s"}\n{"action":"x"}\n'],
  ['half an end', `{"store":"s"}\n${end.slice(0, -1)}`],
  ['an end that is not the last line', `${end}\n{"action":"x"}\n`],
  ['an end inside of a line', `{"reason":${end}\n`],
])('an audit log with %s is refused as cut', async (_, log) => {
  await expect(read(log)).rejects.toMatchObject({
    code: 'store_unavailable',
    message: 'the service broke off: what came is not the whole audit log',
  })
})

/** The log of a service, in small chunks. */
async function read(log: string): Promise<string> {
  const server = createServer(async (_, response) => {
    for (let at = 0; at < log.length; at += 40) {
      response.write(log.slice(at, at + 40))
      // What is written in one turn is sent as one chunk.
      await setImmediate()
    }
    response.end()
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => void server.close())
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  let text = ''
  for await (const chunk of await remoteAuditLog({ url, apiKey: 'sk_example_for_this_page' }, {}))
    text += Buffer.from(chunk).toString()
  return text
}
