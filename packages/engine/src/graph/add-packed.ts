import type { MembershipId, RoleId } from '@bailiwick/core'
import { type PackedByKind, type PackedFacts, type PackedKind, packed } from '../store/packed-facts.js'
import { wholeWords } from './byte-arena.js'
import { found } from './found.js'
import { findMembershipByBytes, membershipPrefix } from './lookup.js'
import type { OrganizationGraph } from './organization-graph.js'
import { parseUlidBytes } from './packed-ulid.js'
import { none } from './resource-table.js'
import { groupKind, holderOf, membershipKind } from './row-table.js'
import { Span } from './span.js'
import { TextNumbers, textOf } from './text-numbers.js'
import { together } from './together.js'

/** Adds packed facts to a graph, one kind after the other, each before those that refer to it. */
export class PackedBuilder {
  readonly #roles: TextNumbers
  readonly #groups: TextNumbers

  constructor(
    private readonly graph: OrganizationGraph,
    private readonly packed: PackedByKind,
  ) {
    this.#roles = new TextNumbers((id) => graph.roles.byId(id as RoleId))
    this.#groups = new TextNumbers((id) => found(graph.groups.find(id), id))
  }

  count(kind: PackedKind): number {
    return this.packed[kind].reduce((sum, { count }) => sum + count, 0)
  }

  /** How many bytes the texts take, each filled up to whole words. */
  get textBytes(): number {
    let sum = 0
    const { membership, membershipEnd, userId, userIdEnd } = packed.membership
    this.#each('membership', ({ places }, at) => {
      sum += wholeWords(lengthOf(places, at + membership, at + membershipEnd))
      sum += wholeWords(lengthOf(places, at + userId, at + userIdEnd))
    })
    const { externalId, externalIdEnd } = packed.resource
    this.#each('resource', ({ places }, at) => {
      sum += wholeWords(lengthOf(places, at + externalId, at + externalIdEnd))
    })
    return sum
  }

  /** @returns What puts them under their parents, when these are there too. */
  addResources(): () => void {
    const { graph } = this
    const { id, type, typeEnd, externalId, externalIdEnd, parent } = packed.resource
    const types = new TextNumbers((slug) => graph.environment.typeIndex(slug))
    const entries = new Int32Array(this.count('resource'))
    let n = 0
    this.#each('resource', ({ bytes, places }, at) => {
      const typeIndex = types.of(bytes, places[at + type] as number, places[at + typeEnd] as number)
      parseUlid(bytes, places[at + id] as number)
      entries[n++] = graph.resources.addParsed(
        typeIndex,
        bytes,
        places[at + externalId] as number,
        places[at + externalIdEnd] as number,
      )
    })
    return () => {
      n = 0
      this.#each('resource', ({ bytes, places }, at) => {
        graph.resources.link(entries[n++] as number, this.#resource(bytes, places[at + parent] as number))
      })
    }
  }

  addMemberships(): void {
    const { memberships } = this.graph
    const { membership, membershipEnd, userId, userIdEnd, role, roleEnd } = packed.membership
    const [id, user] = [new Span(), new Span()]
    this.#each('membership', ({ bytes, places }, at) => {
      id.set(places[at + membership] as number, places[at + membershipEnd] as number)
      user.set(places[at + userId] as number, places[at + userIdEnd] as number)
      const roleAt = places[at + role] as number
      const roleTo = places[at + roleEnd] as number
      const held = roleAt < 0 ? none : this.#roles.of(bytes, roleAt, roleTo)
      if (roleAt < 0 || held !== none) memberships.addActive(bytes, id, user, held)
      // One that has gone from the model is kept by its id.
      else
        memberships.add({
          id: `${membershipPrefix}${textOf(bytes, id.from, id.to)}` as MembershipId,
          userId: textOf(bytes, user.from, user.to),
          status: 'active',
          roleIds: [textOf(bytes, roleAt, roleTo) as RoleId],
          rolesOverrideDirectory: false,
          directoryGroups: { sso: null, directory: null },
        })
    })
  }

  addMembers(): void {
    const { group, groupEnd, membership, membershipEnd } = packed.group_member
    const count = this.count('group_member')
    const [groups, members] = [new Int32Array(count), new Int32Array(count)]
    let n = 0
    this.#each('group_member', ({ bytes, places }, at) => {
      groups[n] = this.#groups.of(bytes, places[at + group] as number, places[at + groupEnd] as number)
      const [from, to] = [places[at + membership] as number, places[at + membershipEnd] as number]
      members[n++] = this.#membership(bytes, from, to)
    })
    for (const each of together(members))
      this.graph.groups.join(groups[each] as number, members[each] as number)
  }

  addRows(): void {
    const { id, membership, group, subjectEnd, role, roleEnd, resource } = packed.assignment
    const count = this.count('assignment')
    const [holders, resources, roles] = [new Int32Array(count), new Int32Array(count), new Int32Array(count)]
    const ids = new Int32Array(count)
    const texts: Uint8Array[] = []
    let n = 0
    this.#each('assignment', ({ bytes, places }, at) => {
      const [member, end] = [places[at + membership] as number, places[at + subjectEnd] as number]
      holders[n] =
        member >= 0
          ? holderOf(membershipKind, this.#membership(bytes, member, end))
          : holderOf(groupKind, this.#groups.of(bytes, places[at + group] as number, end))
      resources[n] = this.#resource(bytes, places[at + resource] as number)
      const [from, to] = [places[at + role] as number, places[at + roleEnd] as number]
      roles[n] = there(this.#roles.of(bytes, from, to), bytes, from, to)
      ids[n++] = places[at + id] as number
      texts.push(bytes)
    })
    for (const each of together(holders)) {
      parseUlid(texts[each] as Uint8Array, ids[each] as number)
      this.graph.rows.addParsed(holders[each] as number, resources[each] as number, roles[each] as number)
    }
  }

  #each(kind: PackedKind, visit: (facts: PackedFacts, at: number) => void): void {
    const { length } = packed[kind]
    for (const facts of this.packed[kind]) for (let n = 0; n < facts.count; n++) visit(facts, n * length)
  }

  #resource(bytes: Uint8Array, at: number): number {
    parseUlid(bytes, at)
    return there(this.graph.resources.ids.findParsed(), bytes, at, at + 26)
  }

  #membership(bytes: Uint8Array, from: number, to: number): number {
    return there(findMembershipByBytes(this.graph.records, bytes, from, to), bytes, from, to)
  }
}

/** As `found`; the text is made only where nothing was. */
function there(entry: number, bytes: Uint8Array, from: number, to: number): number {
  return entry === none ? found(none, textOf(bytes, from, to)) : entry
}

function lengthOf(places: Int32Array, from: number, to: number): number {
  return (places[to] as number) - (places[from] as number)
}

function parseUlid(bytes: Uint8Array, at: number): void {
  if (!parseUlidBytes(bytes, at)) throw new Error(`${textOf(bytes, at, at + 26)} is no ULID`)
}
