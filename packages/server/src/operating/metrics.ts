import { collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'
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
  const duration = new Histogram({
    name: 'bailiwick_http_request_duration_seconds',
    help: 'From the first byte of the headers to the last of the answer',
    labelNames: ['method', 'route', 'status'],
    buckets: [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5],
    registers: [registry],
  })
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
    observe: ({ method, route, status, ms }) => {
      duration.labels(method, route ?? 'none', String(status)).observe(ms / 1_000)
    },
    render: () => registry.metrics(),
    contentType: registry.contentType,
  }
}
