import { NotFound } from '@bailiwick/core'
import type { z } from 'zod'
import { type FieldProblem, RequestInvalid } from './api-errors.js'
import { isRequired, problemSentence } from './problem-sentence.js'
import { quickReader, unsure } from './quick-reader.js'

/** Reads a part of many requests, as `parseParams` or `parseFields` does with the same schema. */
export type RequestReader = (part: unknown) => unknown

/** As `parseParams`, for many requests: what is well-formed takes a tenth of the time. */
export function paramsReader(schema: z.ZodType): RequestReader {
  return quickOr(schema, parseParams)
}

/** As `parseFields`, for many requests: what is well-formed takes a tenth of the time. */
export function fieldsReader(schema: z.ZodType): RequestReader {
  return quickOr(schema, parseFields)
}

function quickOr(schema: z.ZodType, parse: (schema: z.ZodType, part: unknown) => unknown): RequestReader {
  const read = quickReader(schema)
  if (read === undefined) return (part) => parse(schema, part)
  return (part) => {
    const known = read(part)
    return known === unsure ? parse(schema, part) : known
  }
}

/** @throws {NotFound} when a part of the path is nothing that could exist. */
export function parseParams(schema: z.ZodType, params: unknown): unknown {
  const parsed = schema.safeParse(params)
  if (!parsed.success) throw new NotFound()
  return parsed.data
}

/** A query or a body. @throws {RequestInvalid} naming every field at fault. */
export function parseFields(schema: z.ZodType, fields: unknown): unknown {
  const parsed = schema.safeParse(fields, { error: problemSentence })
  if (!parsed.success) throw new RequestInvalid(parsed.error.issues.flatMap(problemsOf))
  return parsed.data
}

function problemsOf(issue: z.core.$ZodIssue): readonly FieldProblem[] {
  const named = issue.path.filter((part) => typeof part === 'string')
  const field = issue.path.map(String).join('.')
  const code = `${named.at(-1) ?? 'body'}_${wrongWith(issue)}`
  return [{ field: field === '' ? 'body' : field, code, message: issue.message }]
}

function wrongWith(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case 'invalid_type':
      // An issue does not keep what it was about.
      return issue.message === isRequired ? 'required' : 'invalid'
    case 'too_big':
      return issue.origin === 'number' ? 'too_large' : 'too_long'
    case 'too_small':
      return issue.origin === 'number' ? 'too_small' : 'too_short'
    default:
      return 'invalid'
  }
}
