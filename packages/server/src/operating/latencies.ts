/** Upper bounds in seconds, as Prometheus has them: each counts what took no longer. */
const bounds = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5] as const

interface Series {
  readonly labels: string
  /** How many fell between a bound and the one before it; the last are those beyond all. */
  readonly counts: number[]
  seconds: number
  count: number
}

/**
 * A histogram of how long requests took, by method, route and status. It counts on every request, so it does nothing
 * else: the text is made when somebody asks for it.
 */
export class Latencies {
  readonly #series = new Map<string, Map<string, Map<number, Series>>>()

  constructor(
    private readonly name: string,
    private readonly help: string,
  ) {}

  observe(method: string, route: string, status: number, seconds: number): void {
    const series = this.#of(method, route, status)
    let bucket = 0
    while (bucket < bounds.length && seconds > (bounds[bucket] as number)) bucket++
    series.counts[bucket] = (series.counts[bucket] as number) + 1
    series.seconds += seconds
    series.count++
  }

  /** In the text format of Prometheus. */
  render(): string {
    const lines = [`# HELP ${this.name} ${this.help}`, `# TYPE ${this.name} histogram`]
    for (const ofRoute of this.#series.values()) {
      for (const ofMethod of ofRoute.values()) {
        for (const series of ofMethod.values()) lines.push(...this.#linesOf(series))
      }
    }
    return `${lines.join('\n')}\n`
  }

  #linesOf({ labels, counts, seconds, count }: Series): readonly string[] {
    let sum = 0
    const buckets = counts.map((each, bucket) => {
      sum += each
      return `${this.name}_bucket{${labels},le="${bounds[bucket] ?? '+Inf'}"} ${sum}`
    })
    return [...buckets, `${this.name}_sum{${labels}} ${seconds}`, `${this.name}_count{${labels}} ${count}`]
  }

  /** One look-up for each label: to join them would mean to read through all of that text each time. */
  #of(method: string, route: string, status: number): Series {
    const series = this.#series.get(route)?.get(method)?.get(status)
    if (series !== undefined) return series
    // Patterns of ours and methods that Node knows: nothing here needs escaping.
    const labels = `method="${method}",route="${route}",status="${status}"`
    const made = { labels, counts: new Array<number>(bounds.length + 1).fill(0), seconds: 0, count: 0 }
    const ofRoute = this.#series.get(route) ?? new Map<string, Map<number, Series>>()
    const ofMethod = ofRoute.get(method) ?? new Map<number, Series>()
    this.#series.set(route, ofRoute.set(method, ofMethod.set(status, made)))
    return made
  }
}
