import { isDeepStrictEqual } from 'node:util'
import type { AnswerInspector } from '@bailiwick/server'

/** Every answer is what its operation declares, with no field more: OpenAPI tells the truth. */
export const answerIsDeclared: AnswerInspector = ({ id, schemas }, { body }) => {
  if (schemas.answer === undefined) {
    if (body !== undefined) throw new Error(`${id} answers a body, and declares none`)
    return
  }
  const json: unknown = JSON.parse(JSON.stringify(body))
  const parsed = schemas.answer.safeParse(json)
  if (!parsed.success) throw new Error(`${id} answers what it does not declare: ${parsed.error.message}`)
  if (!isDeepStrictEqual(parsed.data, json)) {
    throw new Error(`${id} answers more than it declares: ${JSON.stringify(json)}`)
  }
}
