import { EntityExists } from '@bailiwick/core'
import type { AppendResult } from '../store/store.js'

/** What it means to the caller that an append met something taken. */
export function takenError({
  entityKind,
  id,
  lookup,
}: Extract<AppendResult, { readonly kind: 'taken' }>): EntityExists {
  const noun = nounOf(entityKind)
  switch (lookup?.name) {
    case undefined:
      return new EntityExists(noun, id)
    case 'user_email':
      return new EntityExists(noun, lookup.value, 'email')
    case 'user_external_id':
    case 'organization_external_id':
      return new EntityExists(noun, lookup.value, 'externalId')
    default:
      throw new Error(`\`${lookup?.name}\` is not unique`)
  }
}

function nounOf(kind: string): 'organization' | 'membership' | 'user' | 'resource' {
  return kind === 'organization' || kind === 'membership' || kind === 'user' ? kind : 'resource'
}
