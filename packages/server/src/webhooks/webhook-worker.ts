import type { ChangeSource, Notebook } from '@bailiwick/core'
import type { ReadingEngine } from '../http/reading-engine.js'
import { AttemptLog } from './attempt-log.js'
import type { DeliveryParts } from './deliver.js'
import { DeliveryStates } from './delivery-state.js'
import { deliveryTurn } from './delivery-turn.js'
import type { EndpointBook } from './endpoint-book.js'
import { Lease } from './lease.js'
import { WebhookSender } from './send-webhook.js'
import type { WebhookSettings } from './webhook-settings.js'

/** What the worker is made of. */
export interface WorkerParts {
  readonly engine: ReadingEngine
  readonly notebook: Notebook
  readonly changes: ChangeSource
  readonly endpoints: EndpointBook
  readonly settings: WebhookSettings
  /** Milliseconds since 1970. */
  readonly clock: () => number
  /** Hears of what should not happen: a store that does not answer. */
  readonly onFailure: (error: unknown) => void
}

/** How long an endpoint may take to answer when the service stops. Milliseconds. */
const patienceMs = 1_000

/**
 * Sends events to endpoints, each as far as it has come. Of several processes over one store one does it; when that is
 * not heard of for a while, another goes on from what is noted.
 */
export class WebhookWorker {
  readonly #parts: WorkerParts
  readonly #lease: Lease
  readonly #states: DeliveryStates
  readonly #attempts: AttemptLog
  readonly #delivery: DeliveryParts
  readonly #stopping = new AbortController()
  readonly #cut = new AbortController()
  /** Endpoints that are being served. */
  readonly #running = new Map<string, Promise<void>>()
  /** Those of them that were to be looked at meanwhile. */
  readonly #missed = new Set<string>()
  #timer: NodeJS.Timeout | undefined
  #isSoon = false
  /** Whether this process sends, and there is anybody to send to. */
  #isSending = false
  #round: Promise<void> | undefined
  #stopWatching = () => {}

  constructor(parts: WorkerParts) {
    const { notebook, clock, settings, endpoints } = parts
    this.#parts = parts
    this.#lease = new Lease(notebook, 'webhooks', clock)
    this.#states = new DeliveryStates(notebook)
    this.#attempts = new AttemptLog(notebook)
    this.#delivery = {
      endpoints,
      sender: new WebhookSender(settings.targets),
      clock,
      random: Math.random,
      timeoutMs: settings.timeoutMs,
      stopping: this.#stopping.signal,
      cut: this.#cut.signal,
    }
  }

  start(): void {
    this.#stopWatching = this.#parts.changes.watch(() => {
      if (this.#isSending) this.#lookSoon()
    })
    this.#lookSoon()
  }

  /** Begin nothing more, and let go. What takes longer than that is sent again by whoever comes next. */
  async stop(): Promise<void> {
    this.#stopWatching()
    this.#stopping.abort()
    clearTimeout(this.#timer)
    const patience = setTimeout(() => this.#cut.abort(), patienceMs)
    await this.#round
    await Promise.all(this.#running.values())
    clearTimeout(patience)
    await this.#lease.release().catch(this.#parts.onFailure)
    this.#delivery.sender.close()
  }

  #lookSoon(): void {
    if (this.#isSoon || this.#stopping.signal.aborted) return
    this.#isSoon = true
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => this.#look(), 0).unref()
  }

  /** In any case: other processes write the log too, and some deliveries fall due. */
  #lookLater(): void {
    if (this.#timer !== undefined || this.#stopping.signal.aborted) return
    this.#timer = setTimeout(() => this.#look(), this.#parts.settings.pollMs).unref()
  }

  #look(): void {
    this.#timer = undefined
    this.#isSoon = false
    this.#round ??= this.#goRound()
      .catch(this.#parts.onFailure)
      .finally(() => {
        this.#round = undefined
        this.#lookLater()
      })
  }

  async #goRound(): Promise<void> {
    const enabled = (await this.#parts.endpoints.list()).filter(({ status }) => status === 'enabled')
    this.#isSending = enabled.length > 0 && (await this.#lease.hold())
    if (!this.#isSending) return
    for (const { id } of enabled) {
      if (this.#running.has(id)) this.#missed.add(id)
      else this.#running.set(id, this.#serveNow(id))
    }
  }

  async #serveNow(id: string): Promise<void> {
    try {
      await this.#serve(id)
    } catch (error) {
      this.#parts.onFailure(error)
    } finally {
      this.#running.delete(id)
      // Something may have happened after it had looked for the last time.
      if (this.#missed.delete(id)) this.#lookSoon()
    }
  }

  /** Turn after turn, until there is nothing to do for now. */
  async #serve(id: string): Promise<void> {
    const { engine, endpoints } = this.#parts
    while (this.#lease.isHeld && !this.#stopping.signal.aborted) {
      const endpoint = await endpoints.find(id)
      const before = await this.#states.read(id)
      if (endpoint?.status !== 'enabled' || before === undefined) return
      const { state, attempts } = await deliveryTurn(engine, endpoint, before.state, this.#delivery)
      await this.#attempts.add(id, attempts)
      // Deleted meanwhile, it takes along what is told of it: nobody else would remove that.
      if (attempts.length > 0 && (await endpoints.find(id)) === undefined) return this.#attempts.remove(id)
      const after = await this.#states.advance(id, before, state)
      // Undefined: somebody has said meanwhile where to go on, or another process has gone on.
      if (after?.text === before.text && attempts.length === 0) return
    }
  }
}
