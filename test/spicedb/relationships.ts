import { parseOrganizationId } from '@bailiwick/core'
import { roleRelation, word } from './schema.js'
import { type OrganizationFacts, type ResourceName, rootOf, type Subject, type World } from './world.js'

/** One relationship in SpiceDB's terms: `project:a#role_editor@group:g#member`. */
export interface Relationship {
  readonly resource: ObjectName
  readonly relation: string
  readonly subject: SubjectName
}

/** A type and an id of SpiceDB. */
export interface ObjectName {
  readonly type: string
  readonly id: string
}

/** An object, or all who stand in a relation to it. */
export interface SubjectName extends ObjectName {
  readonly relation?: string
}

/**
 * Every fact of a world as a relationship, and one that is told twice as one. What an inactive membership would hold,
 * nobody holds.
 */
export function relationshipsOf(world: World): readonly Relationship[] {
  const all = world.organizations.flatMap((organization) => [
    ...organization.resources.map(({ name, parent }) => relate(name, 'parent', objectOf(parent))),
    ...ofMemberships(organization),
    ...organization.assignments
      .filter(({ subject }) => counts(organization, subject))
      .map(({ subject, role, on }) => relate(on, roleRelation(role, organization), subjectOf(subject))),
    ...organization.exclusions
      .filter(({ subject }) => counts(organization, subject))
      .map(({ subject, effect, permission, on }) =>
        relate(on, `${effect}_${word(permission)}`, subjectOf(subject)),
      ),
    ...organization.mappings.map(({ directoryGroup, role, on }) =>
      relate(on, roleRelation(role, organization), {
        ...directoryGroupOf(organization, directoryGroup),
        relation: 'member',
      }),
    ),
  ])
  return [...new Map(all.map((relationship) => [written(relationship), relationship])).values()]
}

/** A resource as SpiceDB's object: external ids repeat over organizations, so the organization leads. */
export function objectOf({ organization, type, externalId }: ResourceName): ObjectName {
  return { type, id: `${organization}/${externalId}` }
}

/** The other way round. Only ids of organizations and resources come here, and neither has a `/`. */
export function nameOf(type: string, id: string): ResourceName {
  const [organization, externalId = ''] = id.split('/')
  return { organization: parseOrganizationId(organization), type, externalId }
}

/** Who asks, as SpiceDB's subject. */
export function subjectOf(subject: Subject): SubjectName {
  switch (subject.kind) {
    case 'membership':
      return { type: 'membership', id: subject.id }
    case 'group':
      return { type: 'group', id: word(subject.name), relation: 'member' }
    case 'agent':
      return objectOf(subject.resource)
  }
}

/** A relationship as SpiceDB's own tools write it. */
export function written({ resource, relation, subject }: Relationship): string {
  const set = subject.relation === undefined ? '' : `#${subject.relation}`
  return `${resource.type}:${resource.id}#${relation}@${subject.type}:${subject.id}${set}`
}

function ofMemberships(organization: OrganizationFacts): readonly Relationship[] {
  return organization.memberships
    .filter(({ active }) => active)
    .flatMap(({ id, roles, directoryGroups }) => {
      const subject: SubjectName = { type: 'membership', id }
      const groups = organization.groups.filter(({ members }) => members.includes(id))
      return [
        ...roles.map((role) => relate(rootOf(organization.id), roleRelation(role, organization), subject)),
        ...groups.map(({ name }) => ({
          resource: { type: 'group', id: word(name) },
          relation: 'member',
          subject,
        })),
        ...directoryGroups.map((name) => ({
          resource: directoryGroupOf(organization, name),
          relation: 'member',
          subject,
        })),
      ]
    })
}

function counts({ memberships }: OrganizationFacts, subject: Subject): boolean {
  return subject.kind !== 'membership' || memberships.some(({ id, active }) => active && id === subject.id)
}

function directoryGroupOf({ id }: OrganizationFacts, name: string): ObjectName {
  return { type: 'directory_group', id: `${id}/${name}` }
}

function relate(on: ResourceName, relation: string, subject: SubjectName): Relationship {
  return { resource: objectOf(on), relation, subject }
}
