import type { z } from 'zod'

/** What is said of a field that is missing. */
export const isRequired = 'is required'

/** What is wrong with a field, to stand behind its name. `undefined` where the schema's own words say it. */
export function problemSentence(issue: z.core.$ZodRawIssue): string | undefined {
  switch (issue.code) {
    case 'invalid_type':
      return issue.input === undefined ? isRequired : `must be ${typeNames[issue.expected] ?? issue.expected}`
    case 'invalid_value':
      return `must be ${issue.values.map((value) => `\`${String(value)}\``).join(' or ')}`
    case 'too_big':
      return `must ${withUnit(issue.origin, `at most ${issue.maximum}`)}`
    case 'too_small':
      if (issue.minimum === 1 && issue.origin !== 'number') return 'must not be empty'
      return `must ${withUnit(issue.origin, `at least ${issue.minimum}`)}`
    case 'invalid_union':
      return 'has none of the forms that it may have'
    case 'unrecognized_keys':
      return `has no ${issue.keys.map((key) => `\`${key}\``).join(', ')}`
    default:
      return undefined
  }
}

const typeNames: Readonly<Record<string, string>> = {
  string: 'a string',
  number: 'a number',
  int: 'a whole number',
  boolean: '`true` or `false`',
  object: 'an object',
  record: 'an object',
  array: 'an array',
  null: '`null`',
}

function withUnit(origin: string, bound: string): string {
  if (origin === 'string') return `have ${bound} characters`
  if (origin === 'array' || origin === 'set') return `have ${bound} entries`
  return `be ${bound}`
}
