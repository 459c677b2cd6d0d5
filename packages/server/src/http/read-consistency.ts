import type { IncomingHttpHeaders } from 'node:http'
import type { CheckOptions, ConsistencyToken } from '@bailiwick/core'
import { RequestRefused } from '@bailiwick/wire'

const asNewAsPromised: CheckOptions = {}
const latest: CheckOptions = { consistency: 'latest' }
const bounded: CheckOptions = { consistency: 'bounded' }

/** How new the answer must be, as the header `Bailiwick-Consistency` says. Whether a token is one, the engine says. */
export function readConsistency(headers: IncomingHttpHeaders): CheckOptions {
  const wanted = headers['bailiwick-consistency']
  if (wanted === undefined) return asNewAsPromised
  if (wanted === 'latest') return latest
  if (wanted === 'bounded') return bounded
  if (typeof wanted !== 'string' || wanted.length > 512) {
    throw new RequestRefused(
      'request_malformed',
      'the header `Bailiwick-Consistency` is `latest`, `bounded` or a token that a write answered',
    )
  }
  return { consistency: { atLeast: wanted as ConsistencyToken } }
}
