import {
  type CheckOptions,
  EntityNotFound,
  type EntityNoun,
  InputInvalid,
  type OrganizationId,
  type ResourceRef,
  type ServiceEngine,
  type SubjectRef,
} from '@bailiwick/core'
import type { PlacingId, Unplaced } from '@bailiwick/wire'

/**
 * Put a question into its organization: the one that it names, or the one in which the subject or the resource lives
 * that it names by an id of ours.
 *
 * @throws {EntityNotFound} when there is nothing of that id.
 * @throws {InputInvalid} when the question says neither.
 */
export async function placeQuestion<Question extends Placed>(
  engine: Pick<ServiceEngine, 'organizationOf'>,
  question: Unplaced<Question>,
  options?: CheckOptions,
): Promise<Question> {
  if (isPlaced<Question>(question)) return question
  const { noun, id } = placeOf(question as Naming)
  const organizationId = await engine.organizationOf(id, options)
  if (organizationId === undefined) throw new EntityNotFound(noun, id)
  return { ...question, organizationId } as unknown as Question
}

/** Whether a question says itself which organization it is about. */
export function isPlaced<Question extends Placed>(
  question: Unplaced<Question>,
): question is Unplaced<Question> & Question {
  // Nothing but the organization can be missing.
  return question.organizationId !== undefined
}

interface Placed {
  readonly organizationId: OrganizationId
}

interface Naming {
  readonly subject?: SubjectRef
  readonly resource?: ResourceRef
}

function placeOf({ subject, resource }: Naming): { readonly noun: EntityNoun; readonly id: PlacingId } {
  if (subject !== undefined) {
    if ('membershipId' in subject) return { noun: 'membership', id: subject.membershipId }
    if ('groupId' in subject) return { noun: 'group', id: subject.groupId }
    if ('agent' in subject && 'resourceId' in subject.agent) {
      return { noun: 'agent', id: subject.agent.resourceId }
    }
  }
  if (resource !== undefined && 'resourceId' in resource) return { noun: 'resource', id: resource.resourceId }
  throw new InputInvalid(
    'organization_id',
    'is required where neither the subject nor the resource is named by an id that belongs to one organization',
    undefined,
  )
}
