import type { EnvironmentSettings, ModelDefinition } from '@bailiwick/core'
import { type ModelEdit, slugsOf } from './edit.js'

/** Other settings; what is left out stays. Roles that a new priority does not name keep their order, after the others. */
export function changeSettings(to: Partial<EnvironmentSettings>): ModelEdit {
  const named = to.rolePriority === undefined ? [] : slugsOf('rolePriority', to.rolePriority)
  return ({ defaultRole, rolePriority = [], ...current }): ModelDefinition => {
    const becomes = to.defaultRole === undefined ? defaultRole : (to.defaultRole ?? undefined)
    return {
      ...current,
      rolePriority: [...named, ...rolePriority],
      ...(becomes !== undefined && { defaultRole: becomes }),
      ...(to.roleMode !== undefined && { roleMode: to.roleMode }),
      ...(to.maxDepth !== undefined && { maxDepth: to.maxDepth }),
    }
  }
}
