import { StoreUnavailable } from '@bailiwick/core'
import { askService, type Service } from '../ask-service.js'

/**
 * The audit log of a service, as it comes.
 *
 * @param service - With a key that has the scope `admin`.
 * @throws {StoreUnavailable} at its end, where it is not whole.
 */
export async function remoteAuditLog(
  service: Service,
  filter: Readonly<Record<string, string>>,
): Promise<AsyncIterable<Uint8Array>> {
  const answer = await askService(service, `/audit_logs/export?${new URLSearchParams(filter)}`)
  if (answer.body === null) throw cut()
  return untilItsEnd(answer.body)
}

async function* untilItsEnd(body: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let tail = ''
  try {
    for await (const chunk of body) {
      tail = (tail + Buffer.from(chunk).toString('latin1')).slice(-longestEnd)
      yield chunk
    }
  } catch (cause) {
    throw cut(cause)
  }
  if (!/(^|\n)\{"end":\d+,"position":\d+,"head":("[0-9a-f]{64}"|null)\}\n$/.test(tail)) throw cut()
}

/** No last line is as long. */
const longestEnd = 200

function cut(cause?: unknown): StoreUnavailable {
  return new StoreUnavailable('the service broke off: what came is not the whole audit log', { cause })
}
