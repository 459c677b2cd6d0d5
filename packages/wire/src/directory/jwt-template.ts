import { z } from 'zod'
import { timestamp } from '../primitives.js'

/** The template of the environment, as it is answered. */
export const jwtTemplateJson = z
  .object({
    object: z.literal('jwt_template'),
    content: z.string(),
    created_at: timestamp,
    updated_at: timestamp,
  })
  .meta({ id: 'JwtTemplate' })

export type JwtTemplateJson = z.output<typeof jwtTemplateJson>

/** A template to be kept: what it renders to is limited, and so is what can render to that. */
export const newJwtTemplateJson = z.object({ content: z.string().min(1).max(16_384) })
