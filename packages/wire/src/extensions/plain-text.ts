import { type IdKind, idPrefixes } from '@bailiwick/core'

/** Characters that JSON writes as they are: printable ASCII but for the quotation mark and the backslash. */
const plain = '[ !#-[\\]-~]'

/**
 * A text that JSON writes as it is, as a part of an expression. It has no bounds, which would make an expression half
 * as fast: how long it may be is asked after it has matched.
 */
export const plainText = `${plain}+`

/** What stands behind the prefix of an id, likewise. */
export const plainWord = '[A-Za-z0-9_-]+'

/** An id, likewise. */
export function plainId(kind: IdKind): string {
  return `${idPrefixes[kind]}_${plainWord}`
}

/** Whether an id that has matched is short enough. */
export function isShortId(id: string, prefix: string): boolean {
  return id.length <= prefix.length + 1 + 64
}
