import { InputInvalid, type PermissionEdit } from '@bailiwick/core'

/**
 * The slugs that a role holds after an edit: to add what it holds, and to remove what it does not, changes nothing.
 *
 * @throws {InputInvalid} for what is no edit.
 */
export function editedPermissions(held: readonly string[], edit: PermissionEdit): readonly string[] {
  if (Array.isArray(edit)) return edit
  if (isObject(edit)) {
    if ('add' in edit && Array.isArray(edit.add)) return [...held, ...edit.add]
    if ('remove' in edit && Array.isArray(edit.remove)) {
      const gone = edit.remove
      return held.filter((slug) => !gone.includes(slug))
    }
  }
  throw new InputInvalid('permissions', 'must be permission slugs, or some to `add` or to `remove`', edit)
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null
}
