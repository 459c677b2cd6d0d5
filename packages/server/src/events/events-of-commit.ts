import type { Change, EntityByKind, EntityKind, LogEntry } from '@bailiwick/core'
import { type EventJson, type EventName, isEventName } from '@bailiwick/wire'
import { eventData, type Names, type ToldKind } from './event-data.js'
import { eventId } from './event-ids.js'
import type { Moment, Past } from './past-entities.js'

/** What the events of a commit are made from, beside the commit. */
export interface EventSources {
  readonly past: Past
  /** The names of ids as they are at a position of the log. */
  readonly namesAt: (entry: LogEntry) => Names
  /** Whether an entity was put for the first time by this commit. */
  readonly isNew: (entry: LogEntry, change: Change) => boolean
  readonly isWanted: (name: EventName) => boolean
}

/** The events that a commit tells of, in the order of its changes. Pure: the same commit yields the same events. */
export function eventsOfCommit(entry: LogEntry, sources: EventSources): readonly EventJson[] {
  const { position, commit } = entry
  return commit.changes.flatMap((change, index) => {
    const told = changeToTell(entry, change, sources)
    if (told === undefined) return []
    const id = eventId({ position, change: index })
    return [{ object: 'event', id, event: told.event, data: told.data, created_at: commit.at } as const]
  })
}

type Told = Pick<EventJson, 'event' | 'data'>

function changeToTell(entry: LogEntry, change: Change, sources: EventSources): Told | undefined {
  if (change.kind === 'group_member') return groupMember(change, sources)
  if (!isTold(change.kind)) return undefined
  const kind: ToldKind = change.kind
  const verb = change.op === 'remove' ? 'deleted' : sources.isNew(entry, change) ? 'created' : 'updated'
  const event = `${prefixes[kind]}.${verb}`
  // An assignment is never changed.
  if (!isEventName(event)) return undefined
  if (!sources.isWanted(event)) return undefined
  const entity =
    change.op === 'put'
      ? (change.entity as EntityByKind[ToldKind])
      : sources.past.entity(kind, change.id, momentOf(entry))
  return entity && { event, data: eventData(kind, entity, sources.namesAt(entry)) }
}

function groupMember(change: Change, { isWanted }: EventSources): Told | undefined {
  const event = change.op === 'put' ? 'group.member_added' : 'group.member_removed'
  if (!isWanted(event)) return undefined
  const [groupId, membershipId] = (change.op === 'put' ? change.entity.id : change.id).split('/')
  return { event, data: { group_id: groupId, organization_membership_id: membershipId } }
}

const prefixes = {
  organization: 'organization',
  user: 'user',
  membership: 'organization_membership',
  group: 'group',
  organization_role: 'organization_role',
  role: 'role',
  permission: 'permission',
  resource: 'resource',
  assignment: 'role_assignment',
} as const satisfies Record<ToldKind, string>

/** Just before a commit. */
export function momentOf({ commit: { shard, revision } }: LogEntry): Moment {
  return { shard, before: revision }
}

function isTold(kind: EntityKind): kind is ToldKind {
  return Object.hasOwn(prefixes, kind)
}
