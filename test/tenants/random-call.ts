import type {
  AssignmentId,
  GroupId,
  MembershipId,
  MembershipRef,
  ResourceId,
  ResourceRef,
  SubjectRef,
} from '@bailiwick/core'
import {
  groupCount,
  memberCount,
  model,
  type Place,
  roleOn,
  type Tenant,
  thing,
  thingCount,
} from './two-worlds.js'

/** Something that can be asked of an organization, in whichever engine it is. */
export type Call = (place: Place) => Promise<unknown>

const permissions = [...model.permissions.keys()]

/**
 * A call at random, of one organization; in many of them an id is that of something in another one. There it must be
 * as if there were no such thing.
 *
 * @param stranger - Whose ids stray into the call.
 */
export function randomCall(random: (below: number) => number, stranger: Tenant): Call {
  const isForeign = () => random(4) === 0
  const member = random(memberCount)
  const [group, other] = [random(groupCount), random(thingCount)]
  const permission = permissions[random(permissions.length)] as string
  const subject = subjectAt(random, stranger, isForeign())
  const resource = resourceAt(random, stranger, isForeign())
  const isOfStranger = isForeign()
  const kind = random(1_000)
  if (kind < 560) {
    return async ({ engine, id }) => {
      const given = await engine.check({ organizationId: id, subject, permission, ...resource })
      return given.kind === 'allow' ? 'allow' : given.reason
    }
  }
  if (kind < 640)
    return async ({ engine, id }) =>
      namesOf(
        (await engine.listResources({ organizationId: id, subject, permission, type: 'project' })).items,
      )
  if (kind < 720)
    return async ({ engine, id }) => {
      const page = await engine.listSubjects({
        organizationId: id,
        kind: 'membership',
        permission,
        ...resource,
      })
      return page.items.map(({ id: memberId }) => memberId)
    }
  if (kind < 760)
    return ({ engine, id }) => engine.effectivePermissions({ organizationId: id, subject, ...resource })
  if (kind < 800)
    return async (place) => {
      const groupId = groupOf(isOfStranger ? stranger.among : place, group)
      return place.engine.listGroupMembers(place.id, groupId)
    }
  if (kind < 830)
    return async ({ engine, id }) => (await engine.findMembership(id, membershipOf(subject)))?.id ?? null
  if (kind < 860)
    return async ({ engine, id }) => {
      const found = await engine.findResource(id, resource.resource ?? thing(other))
      return found === undefined ? null : [found.organizationId, found.externalId]
    }
  if (kind < 960) {
    const at = resource.resource === undefined || isOfStranger ? resource : { resource: thing(other) }
    return async ({ engine, id }) => {
      const { value } = await engine.assignRole({ organizationId: id, subject, role: roleOn(other), ...at })
      return [value.organizationId, value.role]
    }
  }
  if (kind < 980) {
    return async (place) => {
      const from = isOfStranger ? stranger.among : place
      const [held] = await from.engine.listAssignments(from.id, {
        membershipId: from.members[member] as MembershipId,
      })
      await place.engine.removeAssignment(place.id, held?.id ?? ('role_assignment_none' as AssignmentId))
    }
  }
  if (kind < 995)
    return async (place) => {
      const groupId = groupOf(isOfStranger ? stranger.among : place, group)
      await place.engine.addGroupMember(place.id, groupId, membershipOf(subject))
    }
  if (kind < 998)
    return async ({ engine, id }) => {
      await engine.moveResource(id, thing(other), resource.resource ?? thing(0))
    }
  return async ({ engine, id }) => {
    await engine.deleteResource(id, thing(other), { cascade: true })
    await engine.createResource({ organizationId: id, ...thing(other), name: 'Any' })
  }
}

function groupOf({ groups }: Place, number: number): GroupId {
  return groups[number] as GroupId
}

function subjectAt(random: (below: number) => number, { among }: Tenant, isForeign: boolean): SubjectRef {
  const number = random(memberCount)
  if (isForeign)
    return random(3) === 0
      ? { groupId: groupOf(among, random(groupCount)) }
      : { membershipId: among.members[number] as MembershipId }
  // By the user, who is in every organization.
  return { userId: `user_${number}` }
}

function membershipOf(subject: SubjectRef): MembershipRef {
  return 'groupId' in subject || 'agent' in subject ? { userId: 'user_0' } : subject
}

function resourceAt(
  random: (below: number) => number,
  { among }: Tenant,
  isForeign: boolean,
): { readonly resource?: ResourceRef } {
  if (isForeign) return { resource: { resourceId: among.things[random(thingCount)] as ResourceId } }
  return random(5) === 0 ? {} : { resource: thing(random(thingCount)) }
}

function namesOf(items: readonly { readonly externalId: string }[]): readonly string[] {
  return items.map(({ externalId }) => externalId).sort()
}
