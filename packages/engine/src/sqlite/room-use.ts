import type { Change } from '@bailiwick/core'
import type { CommitDraft } from '../store/store.js'

/** What a write is for: only what takes away may use the room that is kept for it on a full disk. */
export type RoomUse = 'taking' | 'giving'

/**
 * What drafts are for. They take what they remove and what they deny, and from things that were made before and are
 * changed: roles from a membership, permissions from a role, a status. What gives something beside that waits for room.
 */
export function useOf(drafts: readonly CommitDraft[]): RoomUse {
  return drafts.every(({ changes }) => changes.every(mayTakeAway)) ? 'taking' : 'giving'
}

function mayTakeAway(change: Change): boolean {
  if (change.op === 'remove') return true
  switch (change.kind) {
    case 'exclusion':
      return change.entity.effect === 'deny'
    case 'membership':
    case 'organization_role':
    case 'role':
      // Made earlier: a new one has but one date.
      return change.entity.updatedAt !== change.entity.createdAt
    case 'api_key':
      return change.entity.revokedAt !== null
    case 'role_order':
    case 'settings':
      return true
    default:
      return false
  }
}
