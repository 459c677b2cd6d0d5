import type { Renaming } from '@bailiwick/core'
import { z } from 'zod'
import { defined } from '../defined.js'
import { description, shortName } from '../primitives.js'

/** What people read of a thing, changed. */
export const renaming = z.object({ name: shortName.optional(), description: description.optional() })

/** The change that a body describes; what it does not name stays. */
export function parseRenaming({ name, description }: z.output<typeof renaming>): Renaming {
  return defined({ name, description })
}
