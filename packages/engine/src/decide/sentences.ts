import {
  assertNever,
  type CheckQuestion,
  type Decision,
  type DenyReason,
  type ExclusionHit,
  type Grant,
  type NearestMiss,
  type ResourceAddress,
  rootType,
  type SubjectRef,
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
      return [
        `allowed: ${what}`,
        ...decision.grants.map((grant) => grantSentence(grant, path)),
        ...(decision.delegations ?? []).flatMap(({ onBehalfOf, grants }) =>
          grants.map((grant) => `for ${subjectName(onBehalfOf)}: ${grantSentence(grant, path)}`),
        ),
      ]
    case 'deny':
      return [
        `denied: ${what}: ${reasonSentence(decision.reason, question, decision.onBehalfOf ?? question.subject)}`,
        ...(decision.exclusions ?? []).map(exclusionSentence),
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
    case 'service':
      return `the service grants \`${grant.permission}\`, and does not say why`
    case 'membership':
      return `organization role \`${grant.role}\` reaches everything in ${named(grant.on)}`
    case 'assignment':
      return `role \`${grant.role}\` is held on ${named(grant.on)}${downTo(grant.on, path)}`
    case 'group':
      return `role \`${grant.role}\` is held through group \`${grant.groupId}\` on ${named(grant.on)}${downTo(grant.on, path)}`
    case 'directory':
      return `role \`${grant.role}\` on ${named(grant.on)} is mapped to the identity provider's group \`${grant.directoryGroup}\`${downTo(grant.on, path)}`
    case 'permission':
      return `the permission alone is given to ${grant.holder.kind} \`${grant.holder.id}\` on ${named(grant.on)}${downTo(grant.on, path)}`
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

function exclusionSentence({ holder, on, exclusionId }: ExclusionHit): string {
  return `exclusion \`${exclusionId}\` denies it to ${holder.kind} \`${holder.id}\` on ${named(on)} and below`
}

function missSentence({ role, on }: NearestMiss): string {
  return `role \`${role}\` on ${named(on)} would allow it`
}

function reasonSentence(reason: DenyReason, question: CheckQuestion, subject: SubjectRef): string {
  switch (reason) {
    case 'organization_mismatch':
      return 'the session belongs to another organization'
    case 'organization_unknown':
      return `there is no organization \`${question.organizationId}\``
    case 'membership_unknown':
    case 'group_unknown':
      return `there is no ${subjectName(subject)} in this organization`
    case 'agent_unknown':
      return `there is no ${subjectName(subject)} in this organization that is able to act`
    case 'membership_inactive':
      return `${subjectName(subject)} is not active`
    case 'resource_unknown':
      return 'there is no such resource in this organization'
    case 'excluded':
      return `an exclusion stands in the way of ${subjectName(subject)}`
    case 'no_grant':
      return `no role held by ${subjectName(subject)} grants it`
    default:
      return assertNever(reason)
  }
}

function subjectName(subject: SubjectRef): string {
  if ('membershipId' in subject) return `membership \`${subject.membershipId}\``
  if ('userId' in subject) return `membership of user \`${subject.userId}\``
  if ('groupId' in subject) return `group \`${subject.groupId}\``
  const { agent } = subject
  return 'resourceId' in agent ? `agent \`${agent.resourceId}\`` : `agent \`${agent.externalId}\``
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
