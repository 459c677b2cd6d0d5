import { JwtTemplateInvalid } from './jwt-template-invalid.js'
import { type Expression, parseExpression } from './parse-expression.js'

/** A template is text with expressions in it; one within a JSON string yields text, any other a JSON value. */
export type TemplatePart = string | { readonly expression: Expression; readonly inString: boolean }

/** @throws {JwtTemplateInvalid} for an expression that does not end or does not parse. */
export function parseTemplate(template: string): readonly TemplatePart[] {
  const parts: TemplatePart[] = []
  let inString = false
  let textFrom = 0
  let at = 0
  while (at < template.length) {
    if (template.startsWith('{{', at)) {
      const end = endOfExpression(template, at + 2)
      parts.push(template.slice(textFrom, at))
      parts.push({ expression: parseExpression(template.slice(at + 2, end)), inString })
      at = end + 2
      textFrom = at
    } else {
      if (template[at] === '"') inString = !inString
      at += inString && template[at] === '\\' ? 2 : 1
    }
  }
  parts.push(template.slice(textFrom))
  return parts
}

/** Where `}}` stands, other than within a literal. */
function endOfExpression(template: string, from: number): number {
  let quote: string | undefined
  for (let at = from; at < template.length; at++) {
    const character = template[at]
    if (quote !== undefined) {
      if (character === quote) quote = undefined
    } else if (character === "'" || character === '"') {
      quote = character
    } else if (template.startsWith('}}', at)) {
      return at
    }
  }
  throw new JwtTemplateInvalid(`\`${template.slice(from - 2, from + 20)}…\` lacks its \`}}\``)
}
