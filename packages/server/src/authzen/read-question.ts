import {
  type CheckQuestion,
  InputInvalid,
  type Model,
  type OrganizationId,
  type ResourceRef,
  rootType,
  type SubjectRef,
} from '@bailiwick/core'
import {
  type EvaluationRequest,
  externalId,
  groupId,
  membershipId,
  organizationId,
  resourceId,
  type Unplaced,
  userId,
} from '@bailiwick/wire'

/** What AuthZEN names: a subject, or a resource. */
export interface NamedEntity {
  readonly type: string
  readonly id: string
}

/** Why a question is a no before it is asked: it names something that there cannot be. */
export type Nothing = 'subject_type_unknown' | 'subject_unknown' | 'resource_unknown'

type Context = EvaluationRequest['context']

/**
 * A question of AuthZEN as ours.
 *
 * @param within - The organization that the address of the decision point says.
 * @throws {InputInvalid} when the organization is not said properly, or said twice and differently.
 */
export function readQuestion(
  model: Model,
  { subject, action, resource, context }: EvaluationRequest,
  within: OrganizationId | undefined,
): Unplaced<CheckQuestion> | Nothing {
  const asker = readSubject(model, subject)
  if (typeof asker === 'string') return asker
  const target = readResource(resource)
  if (target === undefined) return 'resource_unknown'
  return {
    ...readOrganization(within, resource, context),
    subject: asker,
    permission: action.name,
    resource: target,
  }
}

/**
 * The subject that a request names. Beside the four kinds, the slug of a type that is able to act is a type of
 * subject, whose ids are the application's own.
 */
export function readSubject(model: Model, { type, id }: NamedEntity): SubjectRef | Nothing {
  switch (type) {
    case 'organization_membership':
      return known(membershipId.safeParse(id), (membershipId) => ({ membershipId }))
    case 'user':
      return known(userId.safeParse(id), (userId) => ({ userId }))
    case 'group':
      return known(groupId.safeParse(id), (groupId) => ({ groupId }))
    case 'agent':
      return known(resourceId.safeParse(id), (resourceId) => ({ agent: { resourceId } }))
    default:
      if (!isAgentType(model, type)) return 'subject_type_unknown'
      return known(externalId.safeParse(id), (externalId) => ({ agent: { type, externalId } }))
  }
}

/** Whether resources of a type are able to act. */
export function isAgentType(model: Model, type: string): boolean {
  return model.types.get(type)?.agent === true
}

/** The resource that a request names, by type and external id; `undefined` where there can be none of that id. */
export function readResource({ type, id }: NamedEntity): ResourceRef | undefined {
  return externalId.safeParse(id).success ? { type, externalId: id } : undefined
}

/**
 * The organization that a request says: in its address, in the resource's properties, or in the context. The resource
 * `organization` says it as well, when it is named by the organization's id.
 *
 * @throws {InputInvalid} when it is no id of an organization, or when two places say different ones.
 */
export function readOrganization(
  within: OrganizationId | undefined,
  resource: {
    readonly type: string
    readonly id?: string
    readonly properties?: Context
  },
  context: Context,
): { readonly organizationId?: OrganizationId } {
  const root = resource.type === rootType ? organizationId.safeParse(resource.id) : undefined
  const said = [
    within,
    saidIn('resource.properties.organization_id', resource.properties),
    saidIn('context.organization_id', context),
    root?.data,
  ].filter((id) => id !== undefined)
  const [id] = said
  const other = said.find((each) => each !== id)
  if (other !== undefined) {
    throw new InputInvalid('organization_id', `is said twice, and differently: \`${id}\` and`, other)
  }
  return id === undefined ? {} : { organizationId: id }
}

function saidIn(field: string, place: Context): OrganizationId | undefined {
  const said = place?.organization_id
  if (said === undefined || said === null) return undefined
  const parsed = organizationId.safeParse(said)
  if (!parsed.success) throw new InputInvalid(field, 'must be the id of an organization', said)
  return parsed.data
}

function known<Id>(
  parsed: { readonly success: boolean; readonly data?: Id | undefined },
  refer: (id: Id) => SubjectRef,
): SubjectRef | Nothing {
  return parsed.success ? refer(parsed.data as Id) : 'subject_unknown'
}
