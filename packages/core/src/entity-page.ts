import type { AssignmentId, GroupId, MembershipId, ResourceId } from './ids.js'

/** An id by which something of an organization is known everywhere. */
export type EntityId = MembershipId | ResourceId | GroupId | AssignmentId

/** Which part of a list of entities. A place is the id of an entity, which need not be there any more. */
export interface EntityPageOptions {
  /** 1 to 100, default 10. */
  readonly limit?: number
  /** What follows this id in the order of the list. Not together with `before`. */
  readonly after?: string
  /** What precedes this id, nearest to it, still in the order of the list. */
  readonly before?: string
  /** By id, ascending or descending. Default `asc`. */
  readonly order?: 'asc' | 'desc'
}

/** Part of a list of entities. */
export interface EntityPage<Item> {
  readonly items: readonly Item[]
  /** Pass it as `before` for what precedes; `null` where there is nothing more. */
  readonly before: string | null
  /** Pass it as `after` for what follows; `null` where there is nothing more. */
  readonly after: string | null
}
