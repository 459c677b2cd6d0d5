import { z } from 'zod'

const about = { name: z.string().optional(), description: z.string().optional() }

/**
 * The shape of a model in a file, as `defineModel` takes it. A word that means nothing is refused: what is stored
 * becomes what the file says, and a misspelled `resourceTypes` would say that there are none.
 */
export const modelFile = z.strictObject({
  resourceTypes: z
    .record(
      z.string(),
      z.strictObject({ parents: z.array(z.string()), agent: z.boolean().optional(), ...about }),
    )
    .optional(),
  permissions: z
    .record(
      z.string(),
      z.union([z.string(), z.strictObject({ on: z.string(), fresh: z.boolean().optional(), ...about })]),
    )
    .optional(),
  roles: z
    .record(z.string(), z.strictObject({ on: z.string(), permissions: z.array(z.string()), ...about }))
    .optional(),
  defaultRole: z.string().optional(),
  roleMode: z.enum(['single', 'multiple']).optional(),
  rolePriority: z.array(z.string()).optional(),
  maxDepth: z.number().optional(),
})
