/**
 * What a graph needs of many things of one kind, as places in the bytes in which they were stored: of each thing so
 * many numbers, by the names below. No string and no object is made of what becomes a number in the end. What is
 * rare is not packed: it comes as entities.
 */
export interface PackedFacts {
  readonly bytes: Uint8Array
  readonly count: number
  readonly places: Int32Array
}

/** The kinds of which an organization has many. */
export type PackedKind = 'membership' | 'resource' | 'assignment' | 'group_member'

/** Packed facts by kind. */
export type PackedByKind = Readonly<Record<PackedKind, readonly PackedFacts[]>>

export const nothingPacked: PackedByKind = { membership: [], resource: [], assignment: [], group_member: [] }

/**
 * What stands where. `id`, `parent` and `resource` are where the 26 characters of a ULID begin, behind the prefix that
 * such ids have. `membership` is behind its prefix, too. `role`, where it is told, is
 * a whole id. Everything else, and where its characters end, is text in ASCII, of at most 128 characters.
 */
export const packed = {
  /** Active, and with no role, which then begins below zero, or one. */
  membership: { membership: 0, membershipEnd: 1, userId: 2, userIdEnd: 3, role: 4, roleEnd: 5, length: 6 },
  /** With a parent. */
  resource: { id: 0, type: 1, typeEnd: 2, externalId: 3, externalIdEnd: 4, parent: 5, length: 6 },
  /** Of a membership, or of a group, which then is a whole id, and `membership` is below zero. */
  assignment: {
    id: 0,
    membership: 1,
    group: 2,
    subjectEnd: 3,
    role: 4,
    roleEnd: 5,
    resource: 6,
    length: 7,
  },
  group_member: { group: 0, groupEnd: 1, membership: 2, membershipEnd: 3, length: 4 },
} as const
