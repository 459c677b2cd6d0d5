import { JwtTemplateInvalid } from './jwt-template-invalid.js'
import type { Expression, roots } from './parse-expression.js'
import { parseTemplate, type TemplatePart } from './parse-template.js'

/** What a template can read. Without an organization, its two roots are null. */
export type JwtTemplateContext = { readonly [Root in (typeof roots)[number]]?: object | null }

type Claims = Readonly<Record<string, unknown>>

const mostBytes = 3_072
const reserved = ['iss', 'sub', 'exp', 'iat', 'nbf', 'jti']

/**
 * Render a JWT template as WorkOS does: JSON text in which `{{ user.email || 'nobody' }}` stands for a value.
 *
 * In a JSON string an expression yields text, several may stand side by side, and null is empty; outside it yields
 * any JSON value. Texts are trimmed, and claims whose value is null are left out.
 *
 * @returns The claims, at most 3 072 bytes as JSON.
 * @throws {JwtTemplateInvalid} for a template that WorkOS would refuse, saying what is wrong.
 * @see https://workos.com/docs/authkit/jwt-templates
 */
export function renderJwtTemplate(template: string, context: JwtTemplateContext): Claims {
  const parts = parseTemplate(template)
  if (!/^\s*\{/.test(String(parts[0]))) {
    throw new JwtTemplateInvalid('it must be an object with claims of its own, `{ "name": … }`')
  }
  const claims = parseClaims(parts.map((part) => renderPart(part, context)).join(''))
  const forbidden = Object.keys(claims).filter((claim) => reserved.includes(claim))
  if (forbidden.length > 0)
    throw new JwtTemplateInvalid(`\`${forbidden.join('`, `')}\` cannot be set: reserved`)
  const present = Object.fromEntries(Object.entries(claims).filter(([, value]) => value !== null))
  const bytes = new TextEncoder().encode(JSON.stringify(present)).length
  if (bytes > mostBytes)
    throw new JwtTemplateInvalid(`it renders to ${bytes} bytes; at most ${mostBytes} are allowed`)
  return present
}

function renderPart(part: TemplatePart, context: JwtTemplateContext): string {
  if (typeof part === 'string') return part
  const value = evaluate(part.expression, context)
  if (!part.inString) return JSON.stringify(value)
  if (typeof value === 'object' && value !== null) {
    throw new JwtTemplateInvalid('an object or a list cannot stand within a string; leave the quotes out')
  }
  return JSON.stringify(String(value ?? '')).slice(1, -1)
}

function evaluate(expression: Expression, context: JwtTemplateContext): unknown {
  for (const alternative of expression) {
    const value = 'literal' in alternative ? alternative.literal : follow(alternative.path, context)
    if (value !== null && value !== undefined) return value
  }
  return null
}

function follow(path: readonly string[], context: JwtTemplateContext): unknown {
  return path.reduce<unknown>(
    (value, segment) =>
      typeof value === 'object' && value !== null && Object.hasOwn(value, segment)
        ? (value as Claims)[segment]
        : null,
    context,
  )
}

function parseClaims(rendered: string): Claims {
  let value: unknown
  try {
    value = JSON.parse(rendered, (_, member) => (typeof member === 'string' ? member.trim() : member))
  } catch {
    throw new JwtTemplateInvalid(`it does not render to JSON: ${rendered.slice(0, 200)}`)
  }
  if (
    typeof value !== 'object' ||
    value === null ||
    Array.isArray(value) ||
    Object.keys(value).length === 0
  ) {
    throw new JwtTemplateInvalid('it must render to an object with at least one claim')
  }
  return value as Claims
}
