import { Misconfigured } from '@bailiwick/core'

/** A backup that a service makes of its own store. @param apiKey - One with the scope `admin`. */
export async function remoteBackup(url: string, apiKey: string): Promise<AsyncIterable<Uint8Array>> {
  const answer = await fetch(new URL('/backup', url), {
    headers: { authorization: `Bearer ${apiKey}` },
    redirect: 'error',
  }).catch((cause: unknown) => {
    throw new Misconfigured(`nobody answers at ${url}`, { cause })
  })
  if (answer.ok && answer.body !== null) return answer.body
  const json = (await answer.json().catch(() => undefined)) as { readonly message?: string } | undefined
  throw new Misconfigured(`${url} answered ${answer.status}: ${json?.message ?? 'no reason given'}`)
}
