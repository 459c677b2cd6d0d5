import {
  type CheckQuestion,
  type DenyReason,
  type Explanation,
  type Grant,
  parseGroupId,
  parseMembershipId,
  type ResourceAddress,
  type ResourceId,
  type SubjectKey,
} from '@bailiwick/core'
import { expect } from 'vitest'
import { showResource } from '../worlds/names.js'
import type { Expected } from '../worlds/world.js'

/** A whole answer, in the words of the worlds. */
export interface Answered {
  readonly answer:
    | { readonly kind: 'allow'; readonly grants: readonly string[] }
    | { readonly kind: 'deny'; readonly reason: DenyReason; readonly party: string | undefined }
  /** `editor on project/web`, nearest first. */
  readonly nearest: readonly string[]
  /** From the resource up to the organization. */
  readonly path: readonly string[]
  /** The grants of each party for whom the subject acts. */
  readonly delegations: readonly (readonly string[])[]
  /** `ada on project/web` */
  readonly exclusions: readonly string[]
  /** `undefined` from who decides, but does not speak. */
  readonly sentences: readonly string[] | undefined
}

/**
 * The same question in every form: the membership by its id and by its user, the resource by both of its ids.
 *
 * @param resourceId - Our id of the resource, where it exists.
 */
export function formsOf(expected: Expected, resourceId: ResourceId | undefined): readonly CheckQuestion[] {
  const { organizationId, subject, onBehalfOf, permission, resource } = expected
  const isElsewhere = resource !== undefined && resource.organizationId !== organizationId
  const byOwnId = resourceId === undefined ? [] : [{ resourceId }]
  // What lies in another organization can only be named here by our id of it: an external id is of this one.
  const named = resource === undefined || isElsewhere ? [] : [resource]
  const resources = [...named.map(({ type, externalId }) => ({ type, externalId })), ...byOwnId]
  const parties = onBehalfOf.map(({ refs }) => refs[0])
  const asking = { organizationId, permission, ...(parties.length === 0 ? {} : { onBehalfOf: parties }) }
  // A user of another organization may have a membership here as well, but a membership id is of one only.
  const refs = isMemberElsewhere(expected) ? [subject.refs[0]] : subject.refs
  return refs.flatMap((ref): readonly CheckQuestion[] =>
    resource === undefined
      ? [{ ...asking, subject: ref }]
      : resources.map((place) => ({ ...asking, subject: ref, resource: place })),
  )
}

/** Whether the subject is known in another organization than the one that is asked. */
export function isMemberElsewhere({ organizationId, subject }: Expected): boolean {
  const [ref] = subject.refs
  return 'membershipId' in ref && !ref.membershipId.startsWith(organizationId.replace('org_', 'om_'))
}

/** The words of a world for what an engine explains. */
export function inWords(
  { decision, path, sentences }: Explanation,
  expected: Expected,
  nameOf: (holder: SubjectKey) => string,
): Answered {
  const named = sentences.map((sentence) => sentence.replace(ids, (id) => shortName(id, nameOf)))
  const common = { path: path.map(showResource), sentences: named }
  if (decision.kind === 'allow') {
    const { grants, delegations = [] } = decision
    const shown = (all: readonly Grant[]) => all.map((grant) => grantInWords(grant, nameOf))
    return {
      ...common,
      answer: { kind: 'allow', grants: shown(grants) },
      nearest: [],
      delegations: delegations.map((delegation) => shown(delegation.grants)),
      exclusions: [],
    }
  }
  const party = expected.onBehalfOf.find(
    ({ refs }) => JSON.stringify(refs[0]) === JSON.stringify(decision.onBehalfOf),
  )
  return {
    ...common,
    answer: { kind: 'deny', reason: decision.reason, party: party?.name },
    nearest: decision.nearestMisses.map(({ role, on }) => at(role, on)),
    delegations: [],
    exclusions: (decision.exclusions ?? []).map(({ holder, on }) => at(nameOf(holder), on)),
  }
}

const ids = /\b(?:exclusion|group|om)_\w+/g

/** Ids that an engine has made are others the next time, and the other ones nobody wants to read. */
function shortName(id: string, nameOf: (holder: SubjectKey) => string): string {
  if (id.startsWith('group_')) return nameOf({ kind: 'group', id: parseGroupId(id) })
  return id.startsWith('om_') ? nameOf({ kind: 'membership', id: parseMembershipId(id) }) : 'exclusion'
}

function grantInWords(grant: Grant, nameOf: (holder: SubjectKey) => string): string {
  switch (grant.from) {
    case 'session':
    case 'service':
      return grant.from
    case 'membership':
      return grant.role
    case 'assignment':
      return at(grant.role, grant.on)
    case 'group':
      return `${at(grant.role, grant.on)} through ${nameOf({ kind: 'group', id: grant.groupId })}`
    case 'directory':
      return `${at(grant.role, grant.on)} mapped from ${grant.directoryGroup}`
    case 'permission':
      return grant.holder.kind === 'group'
        ? `${at('permission', grant.on)} through ${nameOf(grant.holder)}`
        : at('permission', grant.on)
  }
}

function at(role: string, on: ResourceAddress): string {
  return `${role} on ${showResource(on)}`
}

/** Fail unless this is the expected answer, as far as the world says. Grants count in no order. */
export function expectAnswer(expected: Expected, answered: Answered): void {
  const { sentence } = expected
  const { answer, nearest, path, delegations, exclusions, sentences } = answered
  expect(sorted(answer), sentence).toEqual(sorted(expected.answer))
  if (expected.nearest !== undefined) expect(nearest, `nearest to: ${sentence}`).toEqual(expected.nearest)
  if (expected.path !== undefined) expect(path, `the way up of: ${sentence}`).toEqual(expected.path)
  if (expected.delegations !== undefined) {
    const inOrder = (all: readonly (readonly string[])[]) => all.map((grants) => [...grants].sort())
    expect(inOrder(delegations), `allowed for others: ${sentence}`).toEqual(inOrder(expected.delegations))
  }
  if (expected.exclusions !== undefined)
    expect([...exclusions].sort(), `denied by: ${sentence}`).toEqual([...expected.exclusions].sort())
  if (expected.sentences !== undefined && sentences !== undefined)
    expect(sentences, `explained: ${sentence}`).toEqual(expected.sentences)
}

function sorted(answer: Answered['answer']): Answered['answer'] {
  return answer.kind === 'allow' ? { ...answer, grants: [...answer.grants].sort() } : answer
}
