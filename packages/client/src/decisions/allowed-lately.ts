import type { AnswersAtOnce, Moment, OrganizationId, Session } from '@bailiwick/core'
import type { Target } from '../target.js'
import type { EnforcedPermission } from './enforced-permission.js'

/** So many answers of each session: the pages that somebody goes back and forth between. */
const places = 8
/** How far a sum is shifted to be one of them. */
const shift = 29

/** What a route demands. Another object is another demand, whatever it says. */
export interface Demand {
  readonly permission: string
}

/** A demand that a session met, on a resource where one was named, and how long that is true. */
interface Allowed {
  readonly demand: Demand
  /** The external id of the resource; absent where the whole organization is meant. */
  readonly id: string | undefined
  readonly moment: Moment
  readonly enforced: readonly EnforcedPermission[]
}

/**
 * What sessions were allowed lately, each for as long as nothing at all has changed in its organization. Whether that is
 * so is one look at a flag; to decide anew reads a dozen places in memory that nothing else has read since.
 *
 * What is kept of a session goes with it, and no organization is held by it.
 */
export class AllowedLately {
  readonly #bySession = new WeakMap<Session, SessionAnswers>()

  constructor(private readonly atOnce: AnswersAtOnce | undefined) {}

  /** `undefined` where nobody can say how long an answer is true, and nothing may be kept. */
  of(session: Session): SessionAnswers | undefined {
    const known = this.#bySession.get(session)
    if (known !== undefined || this.atOnce === undefined || session.organizationId === undefined) return known
    const answers = new SessionAnswers(session.organizationId, this.atOnce)
    this.#bySession.set(session, answers)
    return answers
  }
}

/** What one session was allowed. Kept is what is asked for the second time: whoever goes through much asks once. */
export class SessionAnswers {
  readonly #allowed: (Allowed | undefined)[] = new Array(places).fill(undefined)
  /** What was allowed there last, whether it is kept or not. */
  readonly #sums: number[] = new Array(places).fill(0)

  constructor(
    private readonly organizationId: OrganizationId,
    private readonly atOnce: AnswersAtOnce,
  ) {}

  /** @param id - As it came: what was allowed is an id that a locator takes, and nothing else is equal to it. */
  find(demand: Demand, id: unknown): readonly EnforcedPermission[] | undefined {
    const known = this.#allowed[sumOf(demand, id) >>> shift]
    if (known === undefined || known.demand !== demand || known.id !== id || known.moment.isOver)
      return undefined
    return known.enforced
  }

  /** Keep what was allowed just now: nothing can have changed since. */
  keep(demand: Demand, id: unknown, enforced: EnforcedPermission): void {
    const sum = sumOf(demand, id)
    const place = sum >>> shift
    if (this.#sums[place] !== sum) {
      this.#sums[place] = sum
      return
    }
    const moment = this.atOnce.moment(this.organizationId)
    if (moment !== undefined) this.#allowed[place] = { demand, moment, ...ownCopy(enforced) }
  }
}

/** A number for what is asked, of the last characters alone: most ids are chance at their end. */
function sumOf({ permission }: Demand, id: unknown): number {
  const about = typeof id === 'string' ? endOf(id) : 0
  // Numbers that follow one another come to lie apart.
  return (Math.imul(endOf(permission), 0x85ebca6b) + Math.imul(about, 0x9e3779b1)) | 0
}

function endOf(text: string): number {
  const last = text.length - 1
  return text.charCodeAt(last) | (text.charCodeAt(last - 1) << 8) | (text.charCodeAt(last - 2) << 16)
}

/** For many requests: none of them shall change it for the next, nor leave the whole of its address in memory. */
function ownCopy({ resource, ...rest }: EnforcedPermission): Pick<Allowed, 'id' | 'enforced'> {
  if (resource === undefined)
    return { id: undefined, enforced: Object.freeze([Object.freeze({ resource, ...rest })]) }
  const { type, externalId } = resource as Extract<Target, { readonly externalId: string }>
  // V8 makes a part of a string of a reference to all of it. An id is ASCII.
  const id = Buffer.from(externalId, 'latin1').toString('latin1')
  const own = Object.freeze({ type, externalId: id })
  return { id, enforced: Object.freeze([Object.freeze({ resource: own, ...rest })]) }
}
