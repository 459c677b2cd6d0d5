import { AuthorizationError } from './authorization-error.js'

/** A value breaks a limit or a format. Names the field, the rule and (shortened, escaped) the value. */
export class InputInvalid extends AuthorizationError<'input_invalid'> {
  override readonly name = 'InputInvalid'
  override readonly kind = 'invalid'

  constructor(
    readonly field: string,
    readonly rule: string,
    value: unknown,
  ) {
    super('input_invalid', `\`${field}\` ${rule}, not ${shown(value)}`)
  }
}

/** A cursor that this list did not give: of another question, or changed. */
export class CursorInvalid extends AuthorizationError<'cursor_invalid'> {
  override readonly name = 'CursorInvalid'
  override readonly kind = 'invalid'

  constructor() {
    super('cursor_invalid', 'the cursor does not belong to this list; start again without one')
  }
}

/** A scope would name more resources than a database should be asked with. */
export class ScopeTooLarge extends AuthorizationError<'scope_too_large'> {
  override readonly name = 'ScopeTooLarge'
  override readonly kind = 'conflict'

  constructor(
    readonly permission: string,
    readonly mostResources: number,
  ) {
    super(
      'scope_too_large',
      `\`${permission}\` is granted resource by resource, on more than ${mostResources} of them; give the role higher up, or take the list page by page`,
    )
  }
}

/** Show input in a message: escaped, so that it cannot forge a log line, and short. */
export function shown(value: unknown): string {
  if (value === undefined) return 'nothing'
  if (typeof value === 'string') {
    const short = value.length > 60 ? `${value.slice(0, 60)}…` : value
    return `\`${JSON.stringify(short).slice(1, -1)}\``
  }
  if (Array.isArray(value)) return 'an array'
  return value === null ? 'null' : typeof value === 'object' ? 'an object' : `\`${String(value)}\``
}
