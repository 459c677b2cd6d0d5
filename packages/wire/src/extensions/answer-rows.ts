import type { Allow, Decision, Deny, DenyReason, Grant, NearestMiss, ResourceAddress } from '@bailiwick/core'
import { z } from 'zod'
import {
  fromGroupAssignmentId,
  isGroupAssignmentId,
  toGroupAssignmentId,
} from '../authorization/assignment-ids.js'
import { isExternalId, isId, isKnownSlug } from '../ids.js'
import { QuotedWords, quoted } from './plain-text.js'

const place = z.int().min(0)
const address = z.union([z.tuple([z.string(), z.string(), z.string()]), z.int().min(0)])

/**
 * A short form of the object that answers a check: its index, whether it is
 * allowed, and then the role, where that is held, and the ids of the assignment and of the group through which it is;
 * or the reason, and in turn each role that would do and where. A resource is its id, external id and type, or the
 * number of one that was told before, counted from 0 on.
 */
export const answerRow = z.union([
  z.tuple([place, z.literal(true), z.string(), address], z.string()),
  z.tuple([place, z.literal(false), z.string()], z.union([z.string(), address])),
])

/** Writes rows of one answer. Ids are plain as they are. */
export class AnswerRowWriter {
  /** The resources that were told. */
  readonly #told = new Map<ResourceAddress, number>()
  readonly #words = new QuotedWords()

  /** @returns `undefined` where a row has no room for all that there is to tell. */
  write(index: number, decision: Decision): string | undefined {
    return decision.kind === 'allow' ? this.#allow(index, decision) : this.#deny(index, decision)
  }

  #allow(index: number, { grants, delegations }: Allow): string | undefined {
    if (grants.length > 1 || delegations !== undefined) return undefined
    const [grant] = grants
    switch (grant.from) {
      case 'membership':
        return `[${index},true,${this.#held(grant)}]`
      case 'assignment':
        return `[${index},true,${this.#held(grant)},"${grant.assignmentId}"]`
      case 'group': {
        const id = toGroupAssignmentId(grant.assignmentId)
        return `[${index},true,${this.#held(grant)},"${id}","${grant.groupId}"]`
      }
      default:
        return undefined
    }
  }

  #deny(index: number, { reason, nearestMisses, exclusions, onBehalfOf }: Deny): string | undefined {
    if (exclusions !== undefined || onBehalfOf !== undefined) return undefined
    let text = `[${index},false,"${reason}"`
    for (let at = 0; at < nearestMisses.length; at++)
      text += `,${this.#held(nearestMisses[at] as NearestMiss)}`
    return `${text}]`
  }

  #held({ role, on }: NearestMiss): string {
    const told = this.#told.get(on)
    if (told !== undefined) return `${this.#words.quote(role)},${told}`
    this.#told.set(on, this.#told.size)
    return `${this.#words.quote(role)},["${on.id}",${quoted(on.externalId)},${this.#words.quote(on.type)}]`
  }
}

/** Reads rows of one answer, one after the other. */
export class AnswerRowReader {
  readonly #told: ResourceAddress[] = []

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
    const role = row[at]
    const on = this.#address(row[at + 1])
    return on !== undefined && isKnownSlug(role) ? { role, on } : undefined
  }

  #address(json: unknown): ResourceAddress | undefined {
    if (typeof json === 'number') return this.#told[json]
    if (!Array.isArray(json) || json.length !== 3) return undefined
    const id: unknown = json[0]
    const externalId: unknown = json[1]
    const type: unknown = json[2]
    if (!isId(id, 'resource') || !isExternalId(externalId) || !isKnownSlug(type)) return undefined
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
