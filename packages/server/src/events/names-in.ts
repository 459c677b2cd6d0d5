import { environmentShard, type LogEntry, type OrganizationId } from '@bailiwick/core'
import type { CurrentNames } from './current-names.js'
import type { Names } from './event-data.js'
import { momentOf } from './events-of-commit.js'
import { ever, type Past, type PastEntities } from './past-entities.js'

/** What ids stand for, at any place of the log. */
export interface NamesInLog {
  readonly of: (entry: LogEntry) => Names
  /** @returns whether there was anything to look up. */
  readonly lookUp: () => Promise<boolean>
}

/** Slugs and external ids never change: they are looked up in the present, and in the past where they are gone. */
export function namesIn(current: CurrentNames, past: PastEntities): NamesInLog {
  return {
    of: (entry) => namesAt(entry, current, past),
    lookUp: async () => [await current.lookUp(), await past.lookUp()].includes(true),
  }
}

function namesAt(entry: LogEntry, current: CurrentNames, past: Past): Names {
  const { shard } = entry.commit
  const organizationId = organizationOf(shard)
  const then = momentOf(entry)
  return {
    roleSlug: (id) =>
      or(current.roleSlug(id, organizationId), () => {
        const own = organizationId && past.entity('organization_role', id, then)
        return (own ?? past.entity('role', id, everInEnvironment))?.slug
      }),
    permissionSlug: (id) =>
      or(current.permissionSlug(id), () => past.entity('permission', id, everInEnvironment)?.slug),
    organizationName: (id) =>
      or(current.organization(id), () => past.entity('organization', id, { ...then, shard: id })?.name),
    resourceAddress: (id) =>
      or(organizationId && current.resource(id, organizationId), () => past.entity('resource', id, then)),
  }
}

const everInEnvironment = { shard: environmentShard, before: ever } as const

/** What is found now, or else what was. */
function or<Found>(now: Found | null | undefined, then: () => Found | undefined): Found | undefined {
  return now === null ? then() : now
}

/** The organization that a shard is, if it is one. */
function organizationOf(shard: string): OrganizationId | undefined {
  return shard.startsWith('org_') ? (shard as OrganizationId) : undefined
}
