import { z } from 'zod'
import { organizationId } from '../ids.js'
import { commaList, instant, timestamp } from '../primitives.js'

/** What is told of, by the names that WorkOS gives to it where it has one. */
export const eventNames = [
  'organization.created',
  'organization.updated',
  'organization.deleted',
  'user.created',
  'user.updated',
  'user.deleted',
  'organization_membership.created',
  'organization_membership.updated',
  'organization_membership.deleted',
  'group.created',
  'group.updated',
  'group.deleted',
  'group.member_added',
  'group.member_removed',
  'role.created',
  'role.updated',
  'role.deleted',
  'organization_role.created',
  'organization_role.updated',
  'organization_role.deleted',
  'permission.created',
  'permission.updated',
  'permission.deleted',
  // Ours: WorkOS has no events for these.
  'resource.created',
  'resource.updated',
  'resource.deleted',
  'role_assignment.created',
  'role_assignment.deleted',
] as const

export type EventName = (typeof eventNames)[number]

/** Whether something of this name is told. */
export function isEventName(name: string): name is EventName {
  return (eventNames as readonly string[]).includes(name)
}

/** An event, as it is answered. */
export const eventJson = z
  .object({
    object: z.literal('event'),
    id: z.string(),
    event: z.enum(eventNames),
    data: z.record(z.string(), z.unknown()),
    created_at: timestamp,
  })
  .meta({ id: 'Event' })

export type EventJson = z.output<typeof eventJson>

/** Which events. Names that we never tell are no error: they are WorkOS's, and nothing comes of them. */
export const eventQuery = z.object({
  events: commaList(z.string().max(100)).optional(),
  organization_id: organizationId.optional(),
  range_start: instant.optional(),
  range_end: instant.optional(),
  limit: z
    .string()
    .regex(/^(100|[1-9][0-9]?)$/, 'must be a whole number of 1 to 100')
    .transform(Number)
    .optional(),
  after: z.string().max(100).optional(),
  order: z.enum(['asc', 'desc']).optional(),
})

export type EventQuery = z.output<typeof eventQuery>
