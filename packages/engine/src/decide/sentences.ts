import {
  assertNever,
  type CheckQuestion,
  type Decision,
  type DenyReason,
  type Grant,
  type NearestMiss,
  type ResourceAddress,
  rootType,
} from '@bailiwick/core'

/** A decision in short sentences, the answer first. `path` runs from the resource asked about to the root. */
export function sentencesOf(
  question: CheckQuestion,
  decision: Decision,
  path: readonly ResourceAddress[],
): readonly string[] {
  const what = `\`${question.permission}\` on ${asked(question, path)}`
  switch (decision.kind) {
    case 'allow':
      return [`allowed: ${what}`, ...decision.grants.map((grant) => grantSentence(grant, path))]
    case 'deny':
      return [
        `denied: ${what}: ${reasonSentence(decision.reason, question)}`,
        ...decision.nearestMisses.map(missSentence),
      ]
    default:
      return assertNever(decision)
  }
}

function grantSentence(grant: Grant, path: readonly ResourceAddress[]): string {
  switch (grant.from) {
    case 'session':
      return `\`${grant.permission}\` is in the session token, for the whole organization`
    case 'membership':
      return `organization role \`${grant.role}\` reaches everything in ${named(grant.on)}`
    case 'assignment':
      return `role \`${grant.role}\` is held on ${named(grant.on)}${downTo(grant.on, path)}`
    default:
      return assertNever(grant)
  }
}

/** How a role on an ancestor reaches the resource asked about: `, which holds workspace `web``. */
function downTo(on: ResourceAddress, path: readonly ResourceAddress[]): string {
  const steps = path.findIndex(({ id }) => id === on.id)
  return path
    .slice(0, Math.max(steps, 0))
    .reverse()
    .map((step) => `, which holds ${named(step)}`)
    .join('')
}

function missSentence({ role, on }: NearestMiss): string {
  return `role \`${role}\` on ${named(on)} would allow it`
}

function reasonSentence(reason: DenyReason, question: CheckQuestion): string {
  switch (reason) {
    case 'organization_mismatch':
      return 'the session belongs to another organization'
    case 'organization_unknown':
      return `there is no organization \`${question.organizationId}\``
    case 'membership_unknown':
      return `there is no ${subjectName(question)} in this organization`
    case 'membership_inactive':
      return `${subjectName(question)} is not active`
    case 'resource_unknown':
      return 'there is no such resource in this organization'
    case 'no_grant':
      return `no role held by ${subjectName(question)} grants it`
    default:
      return assertNever(reason)
  }
}

function subjectName({ subject }: CheckQuestion): string {
  return 'membershipId' in subject
    ? `membership \`${subject.membershipId}\``
    : `membership of user \`${subject.userId}\``
}

function asked({ resource, organizationId }: CheckQuestion, path: readonly ResourceAddress[]): string {
  const found = path[0]
  if (found !== undefined) return named(found)
  if (resource === undefined) return `organization \`${organizationId}\``
  return 'resourceId' in resource
    ? `resource \`${resource.resourceId}\``
    : `${resource.type} \`${resource.externalId}\``
}

function named({ type, externalId }: ResourceAddress): string {
  return type === rootType ? `organization \`${externalId}\`` : `${type} \`${externalId}\``
}
