import type { Authorizer } from '../authorizer.js'
import type { DecisionRecord } from './decision-record.js'
import { sentencesWithGrant } from './grant-line.js'

/** A decision with its explanation, once that is there. */
export interface RecentDecision {
  readonly record: DecisionRecord
  readonly sentences: readonly string[]
}

const most = 100

/** The last hundred decisions of an authorizer, newest first, each with why. For development: each is explained. */
export class RecentDecisions {
  readonly #decisions: { record: DecisionRecord; sentences: readonly string[] }[] = []

  constructor(private readonly authorizer: Authorizer) {
    authorizer.onDecision((record) => {
      const decision = { record, sentences: [] as readonly string[] }
      this.#decisions.unshift(decision)
      if (this.#decisions.length > most) this.#decisions.pop()
      this.#explain(record).then(
        (sentences) => {
          decision.sentences = sentences
        },
        // The decision stands; only the reason is missing.
        () => {},
      )
    })
  }

  get all(): readonly RecentDecision[] {
    return this.#decisions
  }

  async #explain({ session, permission, target, outcome }: DecisionRecord): Promise<readonly string[]> {
    // Of whom has decided: a route may have left out the token, which would say something else.
    const fresh = outcome.kind === 'decided' && outcome.by === 'engine'
    const explanation = await this.authorizer.explain(session, permission as never, target, { fresh })
    const decision = outcome.kind === 'decided' ? outcome.decision : undefined
    return sentencesWithGrant({ session, target, decision }, explanation)
  }
}
