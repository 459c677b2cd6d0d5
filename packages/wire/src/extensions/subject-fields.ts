import { assertNever, InputInvalid, limits, type SubjectKey, type SubjectRef } from '@bailiwick/core'
import { z } from 'zod'
import { externalId, groupId, knownSlug, membershipId, resourceId, userId } from '../ids.js'
import { readTarget } from './resource-fields.js'

/** A subject as answers name it: by its kind and its id. */
export const subjectKey = z.discriminatedUnion('type', [
  z.object({ type: z.literal('organization_membership'), id: membershipId }),
  z.object({ type: z.literal('group'), id: groupId }),
  z.object({ type: z.literal('agent'), id: resourceId }),
])

/** The JSON of a subject's kind and id. */
export type SubjectKeyJson = z.infer<typeof subjectKey>

/** Name a subject in an answer. */
export function renderSubjectKey(key: SubjectKey): SubjectKeyJson {
  return key.kind === 'membership'
    ? { type: 'organization_membership', id: key.id }
    : ({ type: key.kind, id: key.id } as SubjectKeyJson)
}

/** Read a subject's kind and id from an answer. */
export function parseSubjectKey(json: SubjectKeyJson): SubjectKey {
  switch (json.type) {
    case 'organization_membership':
      return { kind: 'membership', id: json.id }
    case 'group':
      return { kind: 'group', id: json.id }
    case 'agent':
      return { kind: 'agent', id: json.id }
    default:
      return assertNever(json)
  }
}

/**
 * How a request names a subject: a membership by its id or by its user, a group, or an agent, which is a resource
 * whose type is able to act.
 */
export const subjectFields = {
  organization_membership_id: membershipId.optional(),
  user_id: userId.optional(),
  group_id: groupId.optional(),
  agent_resource_id: resourceId.optional(),
  agent_resource_external_id: externalId.optional(),
  agent_resource_type_slug: knownSlug.optional(),
}

const subject = z.object(subjectFields)

/** The fields of a request that name a subject. */
export type SubjectFieldsJson = z.infer<typeof subject>

/** Those for whom a subject acts, nearest first. */
export const onBehalfOf = z.array(subject).max(limits.delegationChain)

/** A subject as an answer repeats it: whoever names none, or two, does not pass. */
export const answeredSubject = subject.refine((json) => namesOne(json), 'must name one subject')

/** Name a subject in a request. */
export function renderSubjectRef(ref: SubjectRef): SubjectFieldsJson {
  if ('membershipId' in ref) return { organization_membership_id: ref.membershipId }
  if ('userId' in ref) return { user_id: ref.userId }
  if ('groupId' in ref) return { group_id: ref.groupId }
  return 'resourceId' in ref.agent
    ? { agent_resource_id: ref.agent.resourceId }
    : { agent_resource_external_id: ref.agent.externalId, agent_resource_type_slug: ref.agent.type }
}

/** Read which subject a request means. @throws {InputInvalid} unless it names exactly one. */
export function parseSubjectRef(json: SubjectFieldsJson): SubjectRef {
  const { organization_membership_id: id, user_id: user, group_id: group } = json
  const agent = readTarget(
    json.agent_resource_id,
    json.agent_resource_external_id,
    json.agent_resource_type_slug,
    'agent_resource',
  )
  const isOnly = [id, user, group, agent].filter((each) => each !== undefined).length === 1
  if (isOnly && id !== undefined) return { membershipId: id }
  if (isOnly && user !== undefined) return { userId: user }
  if (isOnly && group !== undefined) return { groupId: group }
  if (isOnly && agent !== undefined) return { agent }
  throw new InputInvalid(
    'organization_membership_id',
    'or one of `user_id`, `group_id` and `agent_resource_id` must be given, and only one',
    id,
  )
}

function namesOne(json: SubjectFieldsJson): boolean {
  try {
    parseSubjectRef(json)
    return true
  } catch {
    return false
  }
}

/** Read for whom a request is made; `undefined` where it is made for nobody else. */
export function parseOnBehalfOf(
  json: readonly SubjectFieldsJson[] | undefined,
): readonly SubjectRef[] | undefined {
  return json?.map(parseSubjectRef)
}
