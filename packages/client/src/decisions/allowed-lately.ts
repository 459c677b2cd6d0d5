import type { AnswersAtOnce, Moment, OrganizationId, Session } from '@bailiwick/core'
import type { Target } from '../target.js'
import type { EnforcedPermission } from './enforced-permission.js'

/** So many answers of each session: the pages that somebody goes back and forth between. */
const most = 8

/** A question of a guard, as far as the session does not say it. */
export interface Asked {
  readonly permission: string
  /** The type of the resource, where it is another one than the permission's. */
  readonly type: string | undefined
  /** As it came: whether it is an id is known where it was allowed. Absent where the whole organization is meant. */
  readonly id: string | undefined
  readonly tenantScoped: boolean
}

interface Allowed extends Asked {
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

  /** `undefined` where nothing may be kept. */
  of(session: Session): SessionAnswers | undefined {
    return this.#bySession.get(session) ?? this.#begin(session)
  }

  #begin(session: Session): SessionAnswers | undefined {
    const { organizationId } = session
    if (this.atOnce === undefined || organizationId === undefined || !staysAsItIs(session)) return undefined
    const answers = new SessionAnswers(organizationId, this.atOnce)
    this.#bySession.set(session, answers)
    return answers
  }
}

/** What one session was allowed. Kept is what is asked for the second time: whoever goes through much asks once. */
export class SessionAnswers {
  readonly #allowed: Allowed[] = []
  #oldest = 0
  /** Sums of what was asked once. */
  readonly #once: number[] = new Array(most).fill(0)
  #oldestOnce = 0

  constructor(
    private readonly organizationId: OrganizationId,
    private readonly atOnce: AnswersAtOnce,
  ) {}

  find(asked: Asked): readonly EnforcedPermission[] | undefined {
    const known = this.#allowed[this.#placeOf(asked)]
    return known === undefined || known.moment.isOver ? undefined : known.enforced
  }

  /** To be called before an answer is found out. @returns How long that is true, if it is to be kept. */
  momentFor(asked: Asked): Moment | undefined {
    const sum = sumOf(asked)
    if (this.#once.includes(sum)) return this.atOnce.moment(this.organizationId)
    this.#once[this.#oldestOnce] = sum
    this.#oldestOnce = (this.#oldestOnce + 1) % most
    return undefined
  }

  keep(asked: Asked, enforced: EnforcedPermission, moment: Moment): void {
    const known = this.#placeOf(asked)
    const place = known < this.#allowed.length ? known : this.#oldest
    this.#allowed[place] = { ...asked, moment, ...ownCopy(enforced) }
    if (place === this.#oldest) this.#oldest = (place + 1) % most
  }

  /** Where it is kept, or how many are. */
  #placeOf({ permission, type, id, tenantScoped }: Asked): number {
    const all = this.#allowed
    for (let at = 0; at < all.length; at++) {
      const each = all[at] as Allowed
      if (
        each.id === id &&
        each.permission === permission &&
        each.type === type &&
        each.tenantScoped === tenantScoped
      )
        return at
    }
    return all.length
  }
}

/** Ours are frozen. One of a verifier of somebody's own may be another user's by the next request. */
function staysAsItIs(session: Session): boolean {
  return Object.isFrozen(session) && Object.isFrozen(session.permissions) && Object.isFrozen(session.actors)
}

/** A number for what is asked, of the last characters alone: most ids are chance at their end. */
function sumOf({ permission, id }: Asked): number {
  const about = id === undefined ? 0 : endOf(id)
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
