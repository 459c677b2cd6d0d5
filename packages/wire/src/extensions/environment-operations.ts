import type { EnvironmentSettings } from '@bailiwick/core'
import { z } from 'zod'
import { knownSlug } from '../ids.js'
import { operation } from '../operation.js'
import { model } from './models.js'

const tag = 'Environment'

/** What holds for all organizations, where they have nothing of their own. */
export const settings = z.object({
  object: z.literal('settings'),
  /** The role of a membership that is made without one. */
  default_role_slug: knownSlug.nullable(),
  /** Whether one organization-level role counts at a time, or all of them. */
  role_mode: z.enum(['single', 'multiple']),
  /** Organization-level roles, highest first. */
  role_priority: z.array(knownSlug),
  /** How many levels of resources may lie below the organization. */
  max_depth: z.int(),
})
/** The JSON of the settings. */
export type SettingsJson = z.infer<typeof settings>

/** Tell the settings. */
export function renderSettings(settings: EnvironmentSettings): SettingsJson {
  return {
    object: 'settings',
    default_role_slug: settings.defaultRole,
    role_mode: settings.roleMode,
    role_priority: [...settings.rolePriority],
    max_depth: settings.maxDepth,
  }
}

/** What changes of the settings; what is left out stays. */
export const settingsChanges = z.object({
  default_role_slug: knownSlug.nullable().optional(),
  role_mode: z.enum(['single', 'multiple']).optional(),
  role_priority: z.array(knownSlug).max(1_000).optional(),
  max_depth: z.int().min(1).max(25).optional(),
})

/** Read what changes of the settings. */
export function parseSettingsChanges(json: z.infer<typeof settingsChanges>): Partial<EnvironmentSettings> {
  return {
    ...(json.default_role_slug === undefined ? {} : { defaultRole: json.default_role_slug }),
    ...(json.role_mode === undefined ? {} : { roleMode: json.role_mode }),
    ...(json.role_priority === undefined ? {} : { rolePriority: json.role_priority }),
    ...(json.max_depth === undefined ? {} : { maxDepth: json.max_depth }),
  }
}

/** `GET /authorization/model` */
export const getModel = operation({
  id: 'getModel',
  method: 'GET',
  path: '/authorization/model',
  summary: 'Get resource types, permissions, roles and settings, all at one moment',
  tag,
  scope: 'check',
  status: 200,
  schemas: { answer: model },
})

/** `GET /authorization/settings` */
export const getSettings = operation({
  id: 'getSettings',
  method: 'GET',
  path: '/authorization/settings',
  summary: 'Get the settings of the environment',
  tag,
  scope: 'read',
  status: 200,
  schemas: { answer: settings },
})

/** `PATCH /authorization/settings` */
export const updateSettings = operation({
  id: 'updateSettings',
  method: 'PATCH',
  path: '/authorization/settings',
  summary: 'Change settings of the environment; what is left out stays',
  tag,
  scope: 'admin',
  status: 200,
  schemas: { body: settingsChanges, answer: settings },
  errors: ['model_invalid', 'model_change_refused', 'role_unknown'],
})
