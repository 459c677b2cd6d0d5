import { Latencies } from './latencies.js'
import type { Observer } from './observer.js'
import { figure, processFigures } from './process-figures.js'

/** What the service counts, for Prometheus. */
export interface Metrics {
  readonly observe: Observer
  /** The text that Prometheus reads. */
  readonly render: () => string
  readonly contentType: string
}

/** What is read when somebody asks. */
export interface MetricSources {
  /** How many requests are under way. */
  readonly inFlight: () => number
  /** How many read the feed of changes. */
  readonly feedReaders: () => number
  /** How late the event loop is, in milliseconds. */
  readonly loopDelayMs: () => number
}

/**
 * Begin to count. The usual client library watches every garbage collection and counts labels on every request; that
 * was a tenth of a check, so we keep the few numbers ourselves.
 */
export function createMetrics({ inFlight, feedReaders, loopDelayMs }: MetricSources): Metrics {
  const latencies = new Latencies('bailiwick_http_request_duration_seconds', 'From its headers to its answer')
  return {
    // A path that no route takes is the caller's own text: all of those are one label.
    observe: ({ method, route, status, ms }) =>
      latencies.observe(method, route ?? 'none', status, ms / 1_000),
    render: () =>
      [
        processFigures(loopDelayMs()),
        ...figure(
          'bailiwick_http_requests_in_flight',
          'gauge',
          'Requests that are not answered yet',
          inFlight(),
        ),
        ...figure('bailiwick_feed_readers', 'gauge', 'Who follows the feed of changes now', feedReaders()),
        latencies.render(),
      ].join('\n'),
    contentType: 'text/plain; version=0.0.4; charset=utf-8',
  }
}
