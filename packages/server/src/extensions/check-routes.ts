import { type CheckQuestion, PermissionUnknown } from '@bailiwick/core'
import {
  batchedCheck,
  checkMany,
  explain,
  PlainChecks,
  parseCheckQuestion,
  parseFields,
  readPlainChecks,
  readPlainQuestion,
  renderExplanation,
  renderUnknownPermission,
  writeCheckOutcomes,
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
        const asked = body instanceof PlainChecks ? body.checks.map(asPlain) : body.checks.map(readCheck)
        return { json: writeCheckOutcomes(await decideEach(engine, asked, consistency)) }
      },
      { weigh: ({ body }) => body.checks.length, readBody: readPlainChecks },
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

function asPlain(question: CheckQuestion): AskedCheck {
  return { question, explain: false }
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
