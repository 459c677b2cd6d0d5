import type { Environment } from '../environment/environment.js'

/** One permission, looked up once for as long as the model stays. */
export class PermissionHandle {
  #environment: Environment | undefined
  #index = 0

  constructor(readonly permission: string) {}

  /** Where it stands in an environment. @throws {PermissionUnknown} when that has no such permission. */
  indexIn(environment: Environment): number {
    if (this.#environment !== environment) {
      this.#index = environment.permissionIndex(this.permission)
      this.#environment = environment
    }
    return this.#index
  }
}

/** The same for a permission that is named, or that is kept. */
export function indexOf(permission: string | PermissionHandle, environment: Environment): number {
  return typeof permission === 'string'
    ? environment.permissionIndex(permission)
    : permission.indexIn(environment)
}
