import { Misconfigured, StoreUnavailable } from '@bailiwick/core'

/**
 * The audit log of a service, as it comes.
 *
 * @param apiKey - One with the scope `admin`.
 * @throws {StoreUnavailable} at its end, where it is not whole.
 */
export async function remoteAuditLog(
  url: string,
  apiKey: string,
  filter: Readonly<Record<string, string>>,
): Promise<AsyncIterable<Uint8Array>> {
  const target = new URL(`/audit_logs/export?${new URLSearchParams(filter)}`, url)
  const answer = await fetch(target, {
    headers: { authorization: `Bearer ${apiKey}` },
    redirect: 'error',
  }).catch((cause: unknown) => {
    throw new Misconfigured(`nobody answers at ${url}`, { cause })
  })
  if (answer.ok && answer.body !== null) return untilItsEnd(answer.body)
  const json = (await answer.json().catch(() => undefined)) as { readonly message?: string } | undefined
  throw new Misconfigured(`${url} answered ${answer.status}: ${json?.message ?? 'no reason given'}`)
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
