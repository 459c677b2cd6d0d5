import { limits, organizationRolePrefix } from '@bailiwick/core'
import type { UlidSource } from '../new-id.js'

const endingLength = 8

/** The slug of an organization's own role that was given none: its name as far as it can be told, and a random ending. */
export function slugFromName(name: string, ulid: UlidSource): string {
  const room = limits.slugLength - organizationRolePrefix.length - endingLength - 1
  const told = name
    .normalize('NFKD')
    .toLowerCase()
    .replace(/\p{M}/gu, '')
    .replace(/[^a-z0-9_]+/g, '-')
    .slice(0, room)
    .replace(/^-+|-+$/g, '')
  const ending = ulid().slice(-endingLength).toLowerCase()
  return `${organizationRolePrefix}${told === '' ? ending : `${told}-${ending}`}`
}
