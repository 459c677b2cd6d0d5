import { type CheckQuestion, PermissionUnknown } from '@bailiwick/core'
import {
  batchedCheck,
  checkMany,
  explain,
  parseCheckQuestion,
  parseFields,
  readPlainQuestion,
  renderCheckOutcomes,
  renderExplanation,
  renderUnknownPermission,
} from '@bailiwick/wire'
import type { z } from 'zod'
import { type Route, route, type Service } from '../http/route.js'
import { type AskedCheck, decideEach } from './decide-each.js'
import { placeQuestion } from './place-question.js'

/** Many checks in one request, and one that explains itself. */
export function checkRoutes({ engine }: Service): readonly Route[] {
  return [
    route(
      checkMany,
      async ({ body }, { consistency }) => {
        const outcomes = await decideEach(engine, body.checks.map(readCheck), consistency)
        return { body: renderCheckOutcomes(outcomes) }
      },
      ({ body }) => body.checks.length,
    ),
    route(explain, async ({ body }, { consistency }) => {
      const question = await placeQuestion<CheckQuestion>(engine, parseCheckQuestion(body), consistency)
      try {
        return { body: renderExplanation(await engine.explain(question, consistency)) }
      } catch (error) {
        if (error instanceof PermissionUnknown) return { body: renderUnknownPermission(error) }
        throw error
      }
    }),
  ]
}

function readCheck(json: unknown): AskedCheck | { readonly error: unknown } {
  const plain = readPlainQuestion(json)
  if (plain !== undefined) return { question: plain, explain: false }
  try {
    const check = parseFields(batchedCheck, json) as z.output<typeof batchedCheck>
    return { question: parseCheckQuestion(check), explain: check.explain ?? false }
  } catch (error) {
    return { error }
  }
}
