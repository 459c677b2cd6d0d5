import type { KeyScope } from '@bailiwick/wire'
import type { Endpoint } from '../http/endpoint.js'
import { textToSend } from '../http/send-answer.js'
import type { Metrics } from './metrics.js'
import type { Readiness } from './readiness.js'

/** What is asked by those who run the service. */
export interface OperatingParts {
  readonly readiness: Readiness
  readonly metrics: Metrics
  /** What a key must be allowed to read the metrics. */
  readonly metricsScope: KeyScope | 'public'
  /** The OpenAPI document, as text. */
  readonly openApi: () => string
}

/** `/healthz`, `/readyz`, `/metrics` and `/openapi.json`: never turned away for load. */
export function operatingEndpoints(parts: OperatingParts): readonly Endpoint[] {
  const { readiness, metrics, metricsScope, openApi } = parts
  return [
    probe('/healthz', 'public', () => textToSend(JSON.stringify({ status: 'ok' }), notStored)),
    probe('/readyz', 'public', async () => {
      const status = await readiness.check()
      return textToSend(JSON.stringify({ status }), notStored, status === 'ready' ? 200 : 503)
    }),
    probe('/metrics', metricsScope, () =>
      textToSend(metrics.render(), { 'content-type': metrics.contentType }),
    ),
    probe('/openapi.json', 'public', () => textToSend(openApi())),
  ]
}

const notStored = { 'cache-control': 'no-store' }

function probe(path: string, scope: Endpoint['scope'], answer: Endpoint['answer']): Endpoint {
  return { method: 'GET', path, scope, kind: 'probe', answer }
}
