import { memoryUsage, uptime } from 'node:process'

/** What the process takes, in the names that Prometheus' own client libraries have for it. */
export function processFigures(loopDelayMs: number): string {
  const { user, system } = process.cpuUsage()
  const { rss, heapUsed, heapTotal, external } = memoryUsage()
  return [
    ...figure('process_cpu_seconds_total', 'counter', 'CPU time, user and system', (user + system) / 1e6),
    ...figure(
      'process_start_time_seconds',
      'gauge',
      'When it began',
      Math.round(Date.now() / 1_000 - uptime()),
    ),
    ...figure('process_resident_memory_bytes', 'gauge', 'Memory that it holds', rss),
    ...figure('nodejs_heap_size_used_bytes', 'gauge', 'Heap in use', heapUsed),
    ...figure('nodejs_heap_size_total_bytes', 'gauge', 'Heap', heapTotal),
    ...figure('nodejs_external_memory_bytes', 'gauge', 'Memory beside the heap', external),
    ...figure(
      'nodejs_eventloop_lag_mean_seconds',
      'gauge',
      'How late the event loop is',
      loopDelayMs / 1_000,
    ),
  ].join('\n')
}

/** One figure in the text format of Prometheus. */
export function figure(
  name: string,
  type: 'counter' | 'gauge',
  help: string,
  value: number,
): readonly string[] {
  return [`# HELP ${name} ${help}`, `# TYPE ${name} ${type}`, `${name} ${value}`]
}
