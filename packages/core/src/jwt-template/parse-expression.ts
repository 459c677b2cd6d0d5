import { JwtTemplateInvalid } from './jwt-template-invalid.js'

/** One way to a value: a path into the context, or a text that stands in the template. */
export type Alternative = { readonly path: readonly [string, ...string[]] } | { readonly literal: string }

/** The alternatives of one `{{ … }}`, of which the first that is not null counts. */
export type Expression = readonly [Alternative, ...Alternative[]]

/** What a path may begin with. */
export const roots = ['user', 'organization', 'organization_membership'] as const

const alternative = /\s*(?:'([^']*)'|"([^"]*)"|([A-Za-z_][\w-]*(?:\.[\w-]+)*))\s*(\|\||$)/y

/**
 * Parse what stands between `{{` and `}}`: `user.metadata.nickname || user.email || 'nobody'`.
 *
 * @throws {JwtTemplateInvalid} for anything else, and for a path that begins with none of the roots.
 */
export function parseExpression(source: string): Expression {
  if (source.trim() === '') throw new JwtTemplateInvalid('the expression `{{ }}` is empty')
  const alternatives: Alternative[] = []
  for (let at = 0, more = true; more; at = alternative.lastIndex) {
    alternative.lastIndex = at
    const match = alternative.exec(source)
    if (match === null) {
      throw new JwtTemplateInvalid(
        `\`{{${source}}}\` has a malformed segment: \`${source.slice(at).trim()}\``,
      )
    }
    const [, single, double, path, or] = match
    alternatives.push(path === undefined ? { literal: single ?? double ?? '' } : { path: parsePath(path) })
    more = or === '||'
  }
  return alternatives as [Alternative, ...Alternative[]]
}

function parsePath(path: string): readonly [string, ...string[]] {
  const segments = path.split('.') as [string, ...string[]]
  if (!roots.some((root) => root === segments[0])) {
    throw new JwtTemplateInvalid(`Invalid path: "${path}"; a path begins with ${roots.join(', ')}`)
  }
  return segments
}
