import { randomUUID } from 'node:crypto'
import { type Decision, isAuthorizationError } from '@bailiwick/core'
import { decidedBy } from '../authorizer-options.js'
import type { DecisionListener, DecisionRecord } from './decision-record.js'

/** A decision, and the id under which its listeners know it. */
export interface RecordedDecision {
  readonly decision: Decision
  readonly id: string | undefined
}

type Asked = Pick<DecisionRecord, 'session' | 'permission' | 'target'>

/** Tells listeners of decisions. Without any it costs nothing. */
export class DecisionLog {
  readonly #listeners = new Set<DecisionListener>()

  constructor(private readonly clock: () => number) {}

  get isHeard(): boolean {
    return this.#listeners.size > 0
  }

  add(listener: DecisionListener): () => void {
    this.#listeners.add(listener)
    return () => {
      this.#listeners.delete(listener)
    }
  }

  /** Make a decision and tell of it, also when it fails. @throws as `decide` */
  async record(asked: Asked, decide: () => Promise<Decision>): Promise<RecordedDecision> {
    const id = `dec_${randomUUID().replaceAll('-', '')}`
    const at = new Date(this.clock()).toISOString()
    const began = performance.now()
    const tell = (outcome: DecisionRecord['outcome']) =>
      this.#tell({ id, at, ms: performance.now() - began, ...asked, outcome })
    try {
      const decision = await decide()
      tell({ kind: 'decided', decision, by: decidedBy(decision) })
      return { decision, id }
    } catch (error) {
      tell({ kind: 'undecided', code: isAuthorizationError(error) ? error.code : 'internal_error' })
      throw error
    }
  }

  #tell(record: DecisionRecord): void {
    for (const listener of this.#listeners) {
      try {
        listener(record)
      } catch {
        // A log that is full must not decide who may.
      }
    }
  }
}
