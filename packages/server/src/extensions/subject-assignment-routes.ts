import {
  createSubjectRoleAssignment,
  listSubjectRoleAssignments,
  pageOf,
  parseHeldAssignmentId,
  parseSubjectRef,
  removeSubjectRoleAssignment,
  renderHeldAssignment,
  renderList,
  replaceSubjectRoleAssignments,
} from '@bailiwick/wire'
import { type Route, route, type Service } from '../http/route.js'
import { pageOfAll } from './page-of-all.js'
import { roleOnResource } from './role-on-resource.js'

/** Roles assigned to subjects of every kind: agents too, which WorkOS's own routes do not know. */
export function subjectAssignmentRoutes({ engine, engineFor }: Service): readonly Route[] {
  return [
    route(listSubjectRoleAssignments, async ({ params, query }) => {
      const assignments = await engine.listAssignments(params.organization_id, parseSubjectRef(query))
      return { body: renderList(pageOfAll(assignments, pageOf(query)), renderHeldAssignment, query) }
    }),
    route(createSubjectRoleAssignment, async ({ params, body }, context) => {
      const { value, token } = await engineFor(context).assignRole({
        organizationId: params.organization_id,
        subject: parseSubjectRef(body),
        ...roleOnResource(body),
      })
      return { body: renderHeldAssignment(value), token }
    }),
    route(replaceSubjectRoleAssignments, async ({ params, body }, context) => {
      const { value, token } = await engineFor(context).replaceAssignments(
        params.organization_id,
        parseSubjectRef(body),
        body.role_assignments.map(roleOnResource),
      )
      const whole = { items: value, before: null, after: null }
      return { body: renderList(whole, renderHeldAssignment, {}), token }
    }),
    route(removeSubjectRoleAssignment, async ({ params }, context) => {
      const id = parseHeldAssignmentId(params.role_assignment_id)
      const { token } = await engineFor(context).removeAssignment(params.organization_id, id)
      return { body: undefined, token }
    }),
  ]
}
