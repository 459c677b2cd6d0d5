import type { AnyEntity, EntityKind } from '@bailiwick/core'

/** The kind of entity that each look-up finds. */
export const lookupKinds = {
  membership_user: 'membership',
  organization_domain: 'organization',
  organization_external_id: 'organization',
  user_email: 'user',
  user_external_id: 'user',
} as const satisfies Readonly<Record<string, EntityKind>>

/** What entities are found by besides their id, over all shards. */
export type LookupName = keyof typeof lookupKinds

/** The kind of entity that a look-up finds. */
export type KindOfLookup<Name extends LookupName> = (typeof lookupKinds)[Name]

/** One value by which an entity is found. */
export interface Lookup {
  readonly name: LookupName
  readonly value: string
}

/** A value that one entity at most may have, in whichever shard it lives. */
export function isUnique(name: LookupName): boolean {
  return name !== 'membership_user' && name !== 'organization_domain'
}

/** Whether entities of a kind can be found by anything but their id. */
export function hasLookups(kind: EntityKind): kind is KindOfLookup<LookupName> {
  return kind === 'membership' || kind === 'organization' || kind === 'user'
}

/** Everything by which an entity is found. Every store keeps its look-ups by this. */
export function lookupsOf(stored: AnyEntity): readonly Lookup[] {
  switch (stored.kind) {
    case 'membership':
      return [{ name: 'membership_user', value: stored.entity.userId }]
    case 'organization': {
      const { externalId, domains } = stored.entity
      const ofDomains = new Set(domains.map(({ domain }) => lookupValue('organization_domain', domain)))
      return [
        ...lookup('organization_external_id', externalId),
        ...[...ofDomains].map((value) => ({ name: 'organization_domain', value }) as const),
      ]
    }
    case 'user':
      return [
        ...lookup('user_email', stored.entity.email),
        ...lookup('user_external_id', stored.entity.externalId),
      ]
    default:
      return []
  }
}

/** The value under which a store keeps and seeks: emails and domains are the same in any case. */
export function lookupValue(name: LookupName, value: string): string {
  return name === 'user_email' || name === 'organization_domain' ? value.toLowerCase() : value
}

function lookup(name: LookupName, value: string | null): readonly Lookup[] {
  return value === null ? [] : [{ name, value: lookupValue(name, value) }]
}
