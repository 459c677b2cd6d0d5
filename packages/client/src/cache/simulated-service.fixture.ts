import {
  type CheckOptions,
  type ConsistencyToken,
  type Decision,
  defineModel,
  type OrganizationId,
  RemoteUnavailable,
} from '@bailiwick/core'
import { capabilitiesOf } from '../remote/capabilities.js'
import type { AskedEngine } from './cached-questions.js'

export const acme = 'org_acme' as OrganizationId

const model = defineModel({
  resourceTypes: {},
  permissions: { 'billing:manage': 'organization' },
  roles: {},
})

/** For so long a question may share the answer of an equal one that is on its way. */
const sharedMs = 125

/** Whether something was allowed, and from when on. The revision is the place in the history. */
interface State {
  readonly isAllowed: boolean
  readonly from: number
}

/**
 * A service at the other end of a wire, in a time of its own: what travels arrives when `travel` says. There is one
 * question, and each write turns its answer round.
 */
export class SimulatedService {
  time = 0
  readonly history: State[] = [{ isAllowed: true, from: 0 }]
  failing = false
  #seen: ConsistencyToken | undefined
  readonly #underWay = new Map<string, { readonly sentAt: number; readonly answer: Promise<Decision> }>()
  #feed: Promise<unknown> = Promise.resolve()

  constructor(
    private readonly travel: () => Promise<unknown>,
    /** For how long it may not have seen a write, where a question does not say how new its answer must be. */
    private readonly lagMs: number,
    private readonly hear: (what: 'change' | 'heartbeat', revision: number, sentAt: number) => void,
  ) {}

  get revision(): number {
    return this.history.length - 1
  }

  /** What a remote engine does with it: equal questions on their way share an answer for a while. */
  readonly engine: AskedEngine = {
    model,
    capabilities: capabilitiesOf.bailiwick,
    check: (_, options) => this.#check(options),
    checkMany: async (questions, options) => Promise.all(questions.map(() => this.#ask(options))),
    hasResource: () => Promise.resolve(true),
    isExcludedSomewhere: () => Promise.resolve(false),
  }

  /** A write by another process, of which the feed tells. */
  writeElsewhere(): ConsistencyToken {
    this.history.push({ isAllowed: !this.history.at(-1)?.isAllowed, from: this.time })
    this.#tell('change')
    return tokenAt(this.revision)
  }

  /** A write through the engine, whose later questions carry its token. */
  async write(): Promise<ConsistencyToken> {
    await this.travel()
    const token = this.writeElsewhere()
    await this.travel()
    if (this.#seen === undefined || revisionOf(this.#seen) < revisionOf(token)) this.#seen = token
    return token
  }

  heartbeat(): void {
    this.#tell('heartbeat')
  }

  /** The feed tells in order, and when it likes. */
  #tell(what: 'change' | 'heartbeat'): void {
    const { revision, time } = this
    this.#feed = this.#feed.then(this.travel).then(() => this.hear(what, revision, time))
  }

  #check(options: CheckOptions = {}): Promise<Decision> {
    const freshness = this.#freshness(options)
    const known = this.#underWay.get(freshness)
    if (freshness !== 'latest' && known !== undefined && this.time - known.sentAt < sharedMs)
      return known.answer
    const flight = { sentAt: this.time, answer: this.#ask(options) }
    this.#underWay.set(freshness, flight)
    const landed = () => this.#underWay.get(freshness) === flight && this.#underWay.delete(freshness)
    flight.answer.then(landed, landed)
    return flight.answer
  }

  async #ask(options: CheckOptions = {}): Promise<Decision> {
    const least = this.#freshness(options)
    await this.travel()
    const isFailing = this.failing
    const isAllowed = this.#seenBy(least)?.isAllowed === true
    if (least.startsWith('at:') && revisionOf(least) > this.revision)
      throw new Error('it waits for a write that never was')
    await this.travel()
    if (isFailing) throw new RemoteUnavailable('remote_unreachable', 'the connection broke')
    return isAllowed
      ? { kind: 'allow', grants: [{ from: 'service', organizationId: acme, permission: 'billing:manage' }] }
      : { kind: 'deny', reason: 'no_grant', nearestMisses: [] }
  }

  #seenBy(least: string): State | undefined {
    if (least === 'latest') return this.history.at(-1)
    const seen = this.history.findLastIndex(({ from }) => from <= this.time - this.lagMs)
    const asked = least.startsWith('at:') ? revisionOf(least) : 0
    return this.history[Math.max(seen, asked)]
  }

  #freshness({ consistency }: CheckOptions): string {
    if (consistency === undefined || consistency === 'bounded') return this.#seen ?? 'any'
    return consistency === 'latest' ? consistency : consistency.atLeast
  }
}

function tokenAt(revision: number): ConsistencyToken {
  return `at:${revision}` as unknown as ConsistencyToken
}

/** The revision that a token is of. */
export function revisionOf(token: string): number {
  return Number(token.slice('at:'.length))
}
