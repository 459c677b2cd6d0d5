import { type MembershipId, parseMembershipId, parseOrganizationId } from '@bailiwick/core'
import type { Question } from './question.js'
import { agentTypes, type ResourceName, rootOf, type Subject, type World } from './world.js'

const acme = parseOrganizationId('org_acme')
const [ann, bob, cleo, dan] = ['om_ann', 'om_bob', 'om_cleo', 'om_dan'].map((id) =>
  parseMembershipId(id),
) as [
  ReturnType<typeof parseMembershipId>,
  ReturnType<typeof parseMembershipId>,
  ReturnType<typeof parseMembershipId>,
  ReturnType<typeof parseMembershipId>,
]
const workspace: ResourceName = { organization: acme, type: 'workspace', externalId: 'eng' }
const project: ResourceName = { organization: acme, type: 'project', externalId: 'web' }
const robot: ResourceName = { organization: acme, type: 'robot', externalId: 'deploy' }
const member = (id: MembershipId): Subject => ({ kind: 'membership', id })

/** One of each kind of fact, and none without which every answer would be the same. */
export const smallWorld: World = {
  model: {
    resourceTypes: {
      workspace: { parents: ['organization'] },
      project: { parents: ['workspace'] },
      robot: { parents: ['organization'], agent: true },
    },
    permissions: { 'project:view': 'project', 'project:edit': 'project' },
    roles: {
      auditor: { on: 'organization', permissions: ['project:view'] },
      viewer: { on: 'workspace', permissions: ['project:view'] },
      editor: { on: 'project', permissions: ['project:edit'] },
    },
  },
  organizations: [
    {
      id: acme,
      roles: [{ slug: 'org-lead', on: 'workspace', permissions: ['project:edit'] }],
      resources: [
        { name: workspace, parent: rootOf(acme) },
        { name: project, parent: workspace },
        { name: robot, parent: rootOf(acme) },
      ],
      memberships: [
        { id: ann, active: true, roles: ['auditor'], directoryGroups: [] },
        { id: bob, active: true, roles: [], directoryGroups: [] },
        { id: cleo, active: true, roles: [], directoryGroups: ['Engineering'] },
        { id: dan, active: true, roles: [], directoryGroups: [] },
      ],
      groups: [{ name: 'builders', members: [bob] }],
      assignments: [
        { subject: { kind: 'group', name: 'builders' }, role: 'viewer', on: workspace },
        { subject: { kind: 'agent', resource: robot }, role: 'editor', on: project },
        { subject: member(dan), role: 'org-lead', on: workspace },
      ],
      exclusions: [
        { subject: member(ann), effect: 'deny', permission: 'project:view', on: project },
        { subject: member(bob), effect: 'allow', permission: 'project:edit', on: project },
      ],
      mappings: [{ directoryGroup: 'Engineering', role: 'editor', on: project }],
    },
  ],
}

/** Every check that there is in a small world, and every list: of the whole organization, and below its root. */
export function everyQuestion({ model, organizations }: World): readonly Question[] {
  const types = ['organization', ...Object.keys(model.resourceTypes)]
  return organizations.flatMap(({ id, resources, memberships, groups }) => {
    const places = [rootOf(id), ...resources.map(({ name }) => name)]
    const subjects: readonly Subject[] = [
      ...memberships.map((membership) => member(membership.id)),
      ...groups.map(({ name }): Subject => ({ kind: 'group', name })),
      ...places
        .filter(({ type }) => agentTypes(model).includes(type))
        .map((resource): Subject => ({ kind: 'agent', resource })),
    ]
    return Object.keys(model.permissions).flatMap((permission) => [
      ...subjects.flatMap((subject) => [
        ...places.map(
          (resource): Question => ({ ask: 'check', subject, onBehalfOf: [], permission, resource }),
        ),
        ...types.flatMap((type) =>
          [undefined, rootOf(id)].map(
            (under): Question => ({
              ask: 'resources',
              organization: id,
              subject,
              onBehalfOf: [],
              permission,
              type,
              under: under === undefined ? undefined : { resource: under, depth: 'subtree' },
            }),
          ),
        ),
      ]),
      ...places.flatMap((resource) =>
        (['membership', 'group', 'agent'] as const).flatMap((kind) =>
          (['any', 'direct'] as const).map(
            (access): Question => ({ ask: 'subjects', permission, resource, kind, access }),
          ),
        ),
      ),
    ])
  })
}
