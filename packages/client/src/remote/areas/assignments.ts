import type { AuthorizationEngine } from '@bailiwick/core'
import {
  createSubjectRoleAssignment,
  listSubjectRoleAssignments,
  parseHeldAssignment,
  removeSubjectRoleAssignment,
  renderResourceRef,
  renderSubjectRef,
  replaceSubjectRoleAssignments,
} from '@bailiwick/wire'
import type { Service } from '../service.js'
import { orEmpty } from './finding.js'
import { everyItem } from './paging.js'

type Assignments = Pick<
  AuthorizationEngine,
  'listAssignments' | 'assignRole' | 'removeAssignment' | 'replaceAssignments'
>

/** Roles given to subjects of every kind, of our server. */
export function remoteAssignments(service: Service): Assignments {
  return {
    listAssignments: (organizationId, subject) =>
      orEmpty(
        everyItem(service, {
          operation: listSubjectRoleAssignments,
          organizationId,
          params: { organization_id: organizationId },
          query: { ...renderSubjectRef(subject) },
          item: parseHeldAssignment,
        }),
      ),

    assignRole: ({ organizationId, subject, role, resource }) =>
      service.write(
        {
          operation: createSubjectRoleAssignment,
          params: { organization_id: organizationId },
          body: { ...renderSubjectRef(subject), role_slug: role, ...renderResourceRef(resource) },
          read: parseHeldAssignment,
        },
        organizationId,
      ),

    removeAssignment: (organizationId, assignmentId) =>
      service.write(
        {
          operation: removeSubjectRoleAssignment,
          params: { organization_id: organizationId, role_assignment_id: assignmentId },
          read: () => undefined,
        },
        organizationId,
      ),

    replaceAssignments: (organizationId, subject, assignments) =>
      service.write(
        {
          operation: replaceSubjectRoleAssignments,
          params: { organization_id: organizationId },
          body: {
            ...renderSubjectRef(subject),
            role_assignments: assignments.map(({ role, resource }) => ({
              role_slug: role,
              ...renderResourceRef(resource),
            })),
          },
          read: (json) =>
            replaceSubjectRoleAssignments.schemas.answer.parse(json).data.map(parseHeldAssignment),
        },
        organizationId,
      ),
  }
}
