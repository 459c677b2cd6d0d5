import type { AnswersAtOnce, Moment, Session } from '@bailiwick/core'
import type { Target } from '../target.js'
import type { EnforcedPermission } from './enforced-permission.js'

/** So many answers of each session: the pages that somebody goes back and forth between. */
const most = 8

/** A requirement that a session met, on a resource where one was named, and how long that is true. */
interface Allowed {
  readonly requirement: object
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
  readonly #bySession = new WeakMap<Session, Allowed[]>()

  constructor(private readonly atOnce: AnswersAtOnce | undefined) {}

  /** @param id - As it came: what was allowed is an id that a locator takes, and nothing else is equal to it. */
  find(session: Session, requirement: object, id: unknown): readonly EnforcedPermission[] | undefined {
    const all = this.#bySession.get(session)
    if (all === undefined) return undefined
    for (const each of all)
      if (each.requirement === requirement && each.id === id && !each.moment.isOver) return each.enforced
    return undefined
  }

  /** How long what is found out now is true; `undefined` where nobody can say, and nothing may be kept. */
  moment(session: Session): Moment | undefined {
    const { organizationId } = session
    return organizationId === undefined || !isAsItWas(session)
      ? undefined
      : this.atOnce?.moment(organizationId)
  }

  /** Keep an answer in the place of one that is over, or of the one that was kept first. @returns What is found then. */
  keep(
    session: Session,
    requirement: object,
    enforced: EnforcedPermission,
    moment: Moment,
  ): readonly EnforcedPermission[] {
    const allowed: Allowed = { requirement, moment, ...kept(enforced) }
    const all = this.#bySession.get(session)
    if (all === undefined) this.#bySession.set(session, [allowed])
    else {
      const over = all.findIndex(({ moment }) => moment.isOver)
      if (over >= 0) all[over] = allowed
      else if (all.push(allowed) > most) all.shift()
    }
    return allowed.enforced
  }
}

/** Ours are frozen. One of a verifier of somebody's own may be another user's by the next request. */
function isAsItWas(session: Session): boolean {
  return Object.isFrozen(session) && Object.isFrozen(session.permissions) && Object.isFrozen(session.actors)
}

/** For many requests: none of them shall change it for the next, nor leave the whole of its address in memory. */
function kept({ resource, ...rest }: EnforcedPermission): Pick<Allowed, 'id' | 'enforced'> {
  if (resource === undefined)
    return { id: undefined, enforced: Object.freeze([Object.freeze({ resource, ...rest })]) }
  const { type, externalId } = resource as Extract<Target, { readonly externalId: string }>
  // V8 makes a part of a string of a reference to all of it. An id is ASCII.
  const id = Buffer.from(externalId, 'latin1').toString('latin1')
  const own = Object.freeze({ type, externalId: id })
  return { id, enforced: Object.freeze([Object.freeze({ resource: own, ...rest })]) }
}
