import { idPrefixes } from '@bailiwick/core'
import { type PackedFacts, type PackedKind, packed } from '../store/packed-facts.js'
import { type LineCheck, lineEnd } from './line-check.js'
import { ascii, LineScanner } from './line-scanner.js'

/** Lines as they were read: what is common packed, and where the others begin and end. */
export interface PackedLines {
  readonly facts: PackedFacts
  readonly others: readonly { readonly from: number; readonly to: number }[]
}

/**
 * Pack the lines of a kind: entities without the names of their fields, as `compactJson` writes them. A line that has
 * anything out of the common is left to be read as JSON.
 *
 * @param check - Is told of each line.
 */
export function packLines(kind: PackedKind, bytes: Uint8Array, check: LineCheck): PackedLines {
  const scanner = new LineScanner(bytes)
  const pack = packers[kind]
  const { length } = packed[kind]
  const places = new Int32Array(check.count * length)
  const others: { readonly from: number; readonly to: number }[] = []
  let count = 0
  for (let from = 0; from < bytes.length; ) {
    scanner.at = from
    const isPacked = count < check.count && pack(scanner, places, count * length)
    scanner.skipLine()
    const to = scanner.at < bytes.length ? scanner.at - 1 : scanner.at
    check.add(to - from)
    if (isPacked) count += 1
    else others.push({ from, to })
    from = to + lineEnd.length
  }
  return { facts: { bytes, count, places }, others }
}

/** Note where a line has what; false where it is not as expected, wherever that is noticed. */
type Pack = (line: LineScanner, places: Int32Array, at: number) => boolean

const packers: Readonly<Record<PackedKind, Pack>> = {
  membership: (line, places, at) => {
    const { membership, membershipEnd, userId, userIdEnd, role, roleEnd } = packed.membership
    if (!line.passesTextAfter(ids.membership)) return false
    places[at + membership] = line.from
    places[at + membershipEnd] = line.to
    if (!line.passesTextAfter(text)) return false
    places[at + userId] = line.from
    places[at + userIdEnd] = line.to
    if (!line.passes(active)) return false
    places[at + role] = -1
    if (!line.passes(noRoles)) {
      if (!line.passesTextAfter(firstText) || !line.passes(endOfList)) return false
      places[at + role] = line.from
      places[at + roleEnd] = line.to
    }
    line.skipValue()
    return line.passes(noGroups)
  },
  resource: (line, places, at) => {
    const { id, type, typeEnd, externalId, externalIdEnd, parent } = packed.resource
    if (!line.passesUlidAfter(ids.resource)) return false
    places[at + id] = line.from
    if (!line.passesTextAfter(text)) return false
    places[at + type] = line.from
    places[at + typeEnd] = line.to
    if (!line.passesTextAfter(text)) return false
    places[at + externalId] = line.from
    places[at + externalIdEnd] = line.to
    // Its name, and what describes it.
    for (let n = 0; n < 2; n++) {
      if (!line.passes(comma)) return false
      line.skipValue()
    }
    // The one that has none comes as an entity.
    if (!line.passesUlidAfter(ids.parent)) return false
    places[at + parent] = line.from
    return true
  },
  assignment: (line, places, at) => {
    const { id, membership, group, subjectEnd, role, roleEnd, resource } = packed.assignment
    if (!line.passesUlidAfter(ids.assignment)) return false
    places[at + id] = line.from
    const isOfMembership = line.passesTextAfter(ofMembership)
    if (!isOfMembership && !line.passesTextAfter(ofGroup)) return false
    places[at + membership] = isOfMembership ? line.from : -1
    places[at + group] = isOfMembership ? -1 : line.from
    places[at + subjectEnd] = line.to
    if (!line.passesTextAfter(endOfSubject)) return false
    places[at + role] = line.from
    places[at + roleEnd] = line.to
    if (!line.passesUlidAfter(ids.parent)) return false
    places[at + resource] = line.from
    return true
  },
  group_member: (line, places, at) => {
    const { group, groupEnd, membership, membershipEnd } = packed.group_member
    if (!line.passesTextAfter(firstText)) return false
    places[at + group] = line.from
    places[at + groupEnd] = line.to
    if (!line.passesTextAfter(ids.member)) return false
    places[at + membership] = line.from
    places[at + membershipEnd] = line.to
    return true
  },
}

const ids = {
  membership: ascii(`["${idPrefixes.membership}_`),
  member: ascii(`,"${idPrefixes.membership}_`),
  resource: ascii(`["${idPrefixes.resource}_`),
  parent: ascii(`,"${idPrefixes.resource}_`),
  assignment: ascii(`["${idPrefixes.assignment}_`),
}
const ofMembership = ascii(`,{"kind":"membership","id":"${idPrefixes.membership}_`)
const ofGroup = ascii(',{"kind":"group","id":"')
const endOfSubject = ascii('},"')
const active = ascii(',"active",')
const noRoles = ascii('[],')
const endOfList = ascii('],')
const noGroups = ascii(',false,{"sso":null,"directory":null},')
const firstText = ascii('["')
const text = ascii(',"')
const comma = ascii(',')
