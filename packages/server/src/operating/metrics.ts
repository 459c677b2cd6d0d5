import { collectDefaultMetrics, Gauge, Registry } from 'prom-client'
import { Latencies } from './latencies.js'
import type { Observer } from './observer.js'

/** What the service counts, for Prometheus. */
export interface Metrics {
  readonly observe: Observer
  /** The text that Prometheus reads. */
  readonly render: () => Promise<string>
  readonly contentType: string
}

/** Begin to count. @param inFlight - How many requests are under way. */
export function createMetrics(inFlight: () => number): Metrics {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry })
  const latencies = new Latencies(
    'bailiwick_http_request_duration_seconds',
    'From the first byte of the headers to the last of the answer',
  )
  new Gauge({
    name: 'bailiwick_http_requests_in_flight',
    help: 'Requests that are not answered yet',
    registers: [registry],
    collect() {
      this.set(inFlight())
    },
  })
  return {
    // A path that no route takes is the caller's own text: all of those are one label.
    observe: ({ method, route, status, ms }) =>
      latencies.observe(method, route ?? 'none', status, ms / 1_000),
    render: async () => `${await registry.metrics()}${latencies.render()}`,
    contentType: registry.contentType,
  }
}
