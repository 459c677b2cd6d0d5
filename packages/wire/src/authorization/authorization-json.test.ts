import {
  type AssignmentId,
  type EnvironmentRole,
  type HeldRole,
  InputInvalid,
  type MappingId,
  type MembershipId,
  type OrganizationId,
  type PermissionEntity,
  type PermissionId,
  type Resource,
  type ResourceId,
  type RoleId,
} from '@bailiwick/core'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { fromGroupAssignmentId, groupAssignmentId, toGroupAssignmentId } from './assignment-ids.js'
import { derivedAssignmentId, isDerivedAssignmentId } from './derived-assignment-id.js'
import {
  parentFields,
  parentFilter,
  parseParent,
  parseParentFilter,
  parseRequiredParent,
  renderParent,
} from './parent-fields.js'
import { permissionJson, renderPermission } from './permission.js'
import { parseResource, renderResource, resourceJson } from './resource.js'
import { parseOrganizationRole, renderEnvironmentRole, renderOrganizationRole, roleJson } from './role.js'
import { renderRoleAssignment, roleAssignmentJson } from './role-assignment.js'

const ulid = fc.stringMatching(/^[0-7][0-9A-HJKMNP-TV-Z]{25}$/)
const id = <Id extends string>(prefix: string) => ulid.map((rest) => `${prefix}_${rest}` as Id)
const stamp = fc
  .date({ min: new Date(0), max: new Date('9999-12-31'), noInvalidDate: true })
  .map((date) => date.toISOString())
const stamps = { createdAt: stamp, updatedAt: stamp }
const text = fc.string({ minLength: 1, maxLength: 40 })
const slug = fc.stringMatching(/^[a-z][a-z0-9_-]{0,20}$/)
const readable = { name: text, description: fc.option(text) }

const permission: fc.Arbitrary<PermissionEntity> = fc.record({
  id: id<PermissionId>('perm'),
  slug,
  on: slug,
  fresh: fc.boolean(),
  ...readable,
  ...stamps,
})
const role: fc.Arbitrary<EnvironmentRole> = fc.record({
  id: id<RoleId>('role'),
  slug,
  on: slug,
  permissions: fc.uniqueArray(slug).map((slugs) => slugs.sort()),
  ...readable,
  ...stamps,
})
const resource: fc.Arbitrary<Resource> = fc.record({
  id: id<ResourceId>('authz_resource'),
  organizationId: id<OrganizationId>('org'),
  type: slug,
  externalId: text,
  parentId: fc.option(id<ResourceId>('authz_resource')),
  ...readable,
  ...stamps,
})

/** What goes over the wire: JSON text, read by the schema of the answer. */
function sent<Schema extends z.ZodType>(schema: Schema, json: unknown): z.output<Schema> {
  return schema.parse(JSON.parse(JSON.stringify(json)))
}

describe('an entity comes back from the wire as it went', () => {
  test('roles', () => {
    fc.assert(
      fc.property(role, id<OrganizationId>('org'), (it, organizationId) => {
        const own = { ...it, organizationId }
        // They differ in their type alone, which says who made them.
        for (const json of [renderOrganizationRole(own), renderEnvironmentRole(it)])
          expect(parseOrganizationRole(sent(roleJson, json), organizationId)).toEqual(own)
      }),
    )
  })

  test('resources', () => {
    fc.assert(
      fc.property(resource, (it) => {
        expect(parseResource(sent(resourceJson, renderResource(it)))).toEqual(it)
      }),
    )
  })

  test('a permission of WorkOS, which knows nothing of freshness, is not fresh', () => {
    const { fresh: _, ...theirs } = renderPermission(fc.sample(permission, 1)[0] as PermissionEntity)
    expect(permissionJson.parse(theirs).fresh).toBe(false)
  })
})

describe('the id of an assignment to a group', () => {
  test('is another on the wire, and the same when it is back', () => {
    fc.assert(
      fc.property(id<AssignmentId>('role_assignment'), (assignment) => {
        const onWire = groupAssignmentId.parse(toGroupAssignmentId(assignment))
        expect(onWire).toMatch(/^gra_/)
        expect(fromGroupAssignmentId(onWire)).toBe(assignment)
      }),
    )
  })
})

describe('the id of a role that is held without an assignment of its own', () => {
  const stampsOfNow = { createdAt: '2026-01-01T00:00:00.000Z', updatedAt: '2026-01-01T00:00:00.000Z' }
  const root = {
    id: 'authz_resource_01J9ZX0V8Q7Z5K3M2N1P0R4S6T' as ResourceId,
    type: 'organization',
    externalId: 'acme',
  }
  const held = (membershipId: string, role: string, source: HeldRole['source']): HeldRole => ({
    membershipId: membershipId as MembershipId,
    role,
    resource: root,
    source,
    ...stampsOfNow,
  })
  const assignment = (id: string) => ({
    id: id as AssignmentId,
    organizationId: 'org_a' as OrganizationId,
    subject: { kind: 'group', id: 'group_a' } as never,
    role: 'admin',
    resourceId: root.id,
    ...stampsOfNow,
  })
  const mapping = (id: string) => ({
    id: id as MappingId,
    organizationId: 'org_a' as OrganizationId,
    directoryGroup: 'Staff',
    role: 'admin',
    resourceId: root.id,
    ...stampsOfNow,
  })

  const all = ['om_a', 'om_b'].flatMap((membership) => [
    ...['admin', 'member'].map((role) => held(membership, role, { kind: 'membership' })),
    ...['role_assignment_01', 'role_assignment_02'].map((id) =>
      held(membership, 'admin', { kind: 'group', assignment: assignment(id) }),
    ),
    ...['idp_mapping_01', 'idp_mapping_02'].map((id) =>
      held(membership, 'admin', { kind: 'mapping', mapping: mapping(id) }),
    ),
  ])

  test('is one for each way to hold it, always the same, and an id like others', () => {
    const ids = all.map(derivedAssignmentId)
    expect(new Set(ids).size).toBe(all.length)
    expect(all.map((each) => derivedAssignmentId({ ...each, updatedAt: 'later' }))).toEqual(ids)
    for (const each of ids) expect(each).toMatch(/^role_assignment_Z[0-9A-HJKMNP-TV-Z]{25}$/)
  })

  test('is none that an assignment could have', () => {
    expect(all.map(derivedAssignmentId).every(isDerivedAssignmentId)).toBe(true)
    fc.assert(
      fc.property(id<AssignmentId>('role_assignment'), (each) => {
        expect(isDerivedAssignmentId(each)).toBe(false)
      }),
    )
  })

  test('says in its answer from where the role comes', () => {
    const [own, , through] = all as [HeldRole, HeldRole, HeldRole]
    expect(sent(roleAssignmentJson, renderRoleAssignment(own)).source).toEqual({
      type: 'direct',
      group_role_assignment_id: null,
    })
    expect(sent(roleAssignmentJson, renderRoleAssignment(through)).source).toEqual({
      type: 'group',
      group_role_assignment_id: 'gra_01',
    })
  })
})

describe('a parent', () => {
  const acme = 'org_acme' as OrganizationId
  const byId = { resourceId: 'authz_resource_eng' as ResourceId }
  const byExternalId = { type: 'workspace', externalId: 'eng' }
  const body = z.object(parentFields)
  const query = z.object(parentFilter)

  test.each([[byId], [byExternalId], [undefined]])('%j comes back as it went', (ref) => {
    expect(parseParent(sent(body, renderParent(ref)), acme)).toEqual(ref)
  })

  test.each([
    [byId, { parent_resource_id: 'authz_resource_eng' }],
    [byExternalId, { parent_external_id: 'eng', parent_resource_type_slug: 'workspace' }],
    [undefined, {}],
  ])('%j is what a list is asked for by %j', (ref, parameters) => {
    expect(parseParentFilter(query.parse(parameters))).toEqual(ref)
  })

  test('of null is the organization, and of nothing is not spoken of', () => {
    expect(parseParent({ parent_resource_id: null }, acme)).toEqual({
      type: 'organization',
      externalId: acme,
    })
    expect(parseParent({ parent_resource_external_id: null }, acme)).toBeUndefined()
    expect(parseParent({}, acme)).toBeUndefined()
  })

  test.each([
    [{ parent_resource_id: byId.resourceId, parent_resource_external_id: 'eng' }],
    [{ parent_resource_external_id: 'eng' }],
    [{ parent_resource_type_slug: 'workspace' }],
    [{ parent_resource_id: null, parent_resource_external_id: 'eng' }],
  ])('named twice or by half is refused: %j', (fields) => {
    expect(() => parseParent(fields, acme)).toThrow(InputInvalid)
  })

  test('below which somebody looks must be named', () => {
    expect(parseRequiredParent({ parent_resource_id: byId.resourceId })).toEqual(byId)
    expect(() => parseRequiredParent({})).toThrow(/must be given/)
  })
})
