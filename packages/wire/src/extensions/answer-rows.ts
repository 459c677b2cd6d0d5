import type { Allow, Decision, Deny, DenyReason, Grant, NearestMiss, ResourceAddress } from '@bailiwick/core'
import { z } from 'zod'
import {
  fromGroupAssignmentId,
  isGroupAssignmentId,
  toGroupAssignmentId,
} from '../authorization/assignment-ids.js'
import { isExternalId, isId, isKnownSlug } from '../ids.js'

const place = z.int().min(0)
const number = z.int().min(0)
const word = z.union([z.string(), number])
const address = z.union([z.tuple([z.string(), z.string(), word]), number])

/**
 * A short form of the object that answers a check: its index, whether it is
 * allowed, and then the role, where that is held, and the ids of the assignment and of the group through which it is;
 * or the reason, and in turn each role that would do and where. A resource is its id, external id and type, or the
 * number of one that was told before, counted from 0 on; so are roles and types, counted together.
 */
export const answerRow = z.union([
  z.tuple([place, z.literal(true), word, address], z.string()),
  z.tuple([place, z.literal(false), z.string()], z.union([word, address])),
])

/** What a row is made of, before it is JSON. */
type RowValue = boolean | number | string | readonly (number | string)[]

/** Makes rows of one answer. */
export class AnswerRowMaker {
  /** The resources that were told. */
  readonly #told = new Map<ResourceAddress, number>()
  /** The roles and types that were. */
  readonly #words = new Map<string, number>()

  /** @returns `undefined` where a row has no room for all that there is to tell. */
  make(index: number, decision: Decision): readonly RowValue[] | undefined {
    return decision.kind === 'allow' ? this.#allow(index, decision) : this.#deny(index, decision)
  }

  #allow(index: number, { grants, delegations }: Allow): readonly RowValue[] | undefined {
    if (grants.length > 1 || delegations !== undefined) return undefined
    const [grant] = grants
    switch (grant.from) {
      case 'membership':
        return [index, true, this.#word(grant.role), this.#address(grant.on)]
      case 'assignment':
        return [index, true, this.#word(grant.role), this.#address(grant.on), grant.assignmentId]
      case 'group': {
        const id = toGroupAssignmentId(grant.assignmentId)
        return [index, true, this.#word(grant.role), this.#address(grant.on), id, grant.groupId]
      }
      default:
        return undefined
    }
  }

  #deny(index: number, { reason, nearestMisses, exclusions, onBehalfOf }: Deny) {
    if (exclusions !== undefined || onBehalfOf !== undefined) return undefined
    const row: RowValue[] = [index, false, reason]
    for (const { role, on } of nearestMisses) row.push(this.#word(role), this.#address(on))
    return row
  }

  #address(on: ResourceAddress): number | readonly (number | string)[] {
    const told = this.#told.get(on)
    if (told !== undefined) return told
    this.#told.set(on, this.#told.size)
    return [on.id, on.externalId, this.#word(on.type)]
  }

  #word(word: string): number | string {
    const told = this.#words.get(word)
    if (told !== undefined) return told
    this.#words.set(word, this.#words.size)
    return word
  }
}

/** Reads rows of one answer, one after the other. */
export class AnswerRowReader {
  readonly #told: ResourceAddress[] = []
  readonly #words: string[] = []

  /** @param reasons - Those that a deny may have. */
  constructor(private readonly reasons: ReadonlySet<unknown>) {}

  /** @returns `undefined` for what is no row in that place. */
  read(row: readonly unknown[], index: number): Decision | undefined {
    if (row[0] !== index) return undefined
    if (row[1] === true) return this.#allow(row)
    return row[1] === false ? this.#deny(row) : undefined
  }

  #allow(row: readonly unknown[]): Decision | undefined {
    const held = this.#held(row, 2)
    const grant = held && readGrant(row, held)
    return grant && { kind: 'allow', grants: [grant] }
  }

  #deny(row: readonly unknown[]): Decision | undefined {
    const reason = row[2]
    if (!this.reasons.has(reason)) return undefined
    const nearestMisses: NearestMiss[] = []
    for (let at = 3; at < row.length; at += 2) {
      const miss = this.#held(row, at)
      if (miss === undefined) return undefined
      nearestMisses.push(miss)
    }
    return { kind: 'deny', reason: reason as DenyReason, nearestMisses }
  }

  #held(row: readonly unknown[], at: number): NearestMiss | undefined {
    const role = this.#word(row[at])
    const on = this.#address(row[at + 1])
    return on !== undefined && role !== undefined ? { role, on } : undefined
  }

  #word(json: unknown): string | undefined {
    if (typeof json === 'number') return this.#words[json]
    if (!isKnownSlug(json)) return undefined
    this.#words.push(json)
    return json
  }

  #address(json: unknown): ResourceAddress | undefined {
    if (typeof json === 'number') return this.#told[json]
    if (!Array.isArray(json) || json.length !== 3) return undefined
    const id: unknown = json[0]
    const externalId: unknown = json[1]
    const type = this.#word(json[2])
    if (!isId(id, 'resource') || !isExternalId(externalId) || type === undefined) return undefined
    const address: ResourceAddress = { id, type, externalId }
    this.#told.push(address)
    return address
  }
}

function readGrant(row: readonly unknown[], { role, on }: NearestMiss): Grant | undefined {
  if (row.length === 4) return { from: 'membership', role, on }
  const id = row[4]
  if (row.length === 5)
    return isId(id, 'assignment') ? { from: 'assignment', assignmentId: id, role, on } : undefined
  const groupId = row[5]
  if (row.length !== 6 || !isGroupAssignmentId(id) || !isId(groupId, 'group')) return undefined
  return { from: 'group', groupId, assignmentId: fromGroupAssignmentId(id), role, on }
}
