import { type CheckOptions, type CheckQuestion, PermissionUnknown } from '@bailiwick/core'
import {
  batchedCheck,
  CheckRows,
  checkMany,
  explain,
  parseCheckQuestion,
  parseFields,
  readCheckRows,
  readPlainQuestion,
  renderCheckOutcomes,
  renderExplanation,
  renderUnknownPermission,
  spellOut,
  writeAnswerRows,
} from '@bailiwick/wire'
import type { z } from 'zod'
import { type Route, route, type Service } from '../http/route.js'
import { decideAtOnce } from './decide-at-once.js'
import { type AskedCheck, decidedAs, decideEach, type UnreadCheck } from './decide-each.js'
import { placeQuestion } from './place-question.js'

/** Many checks in one request, and one that explains itself. */
export function checkRoutes({ engine }: Service): readonly Route[] {
  return [
    route(
      checkMany,
      ({ body }, { consistency }) => {
        if (!(body instanceof CheckRows))
          return decideInTurn(spellOut(body.checks).map(readCheck), consistency, body.answers)
        const decided = consistency.consistency === undefined ? decideAtOnce(engine, body.checks) : undefined
        return decided === undefined
          ? decideInTurn(body.checks.map(asPlain), consistency, body.answers)
          : { json: writeAnswerRows(decided.map(decidedAs)) }
      },
      { weigh: ({ body }) => body.checks.length, readBody: readCheckRows },
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

  async function decideInTurn(
    asked: readonly (AskedCheck | UnreadCheck)[],
    options: CheckOptions,
    answers: 'objects' | 'rows' = 'objects',
  ) {
    const outcomes = await decideEach(engine, asked, options)
    return answers === 'rows' ? { json: writeAnswerRows(outcomes) } : { body: renderCheckOutcomes(outcomes) }
  }
}

function asPlain(question: CheckQuestion): AskedCheck {
  return { question, explain: false }
}

function readCheck(json: unknown): AskedCheck | UnreadCheck {
  const plain = readPlainQuestion(json)
  if (plain !== undefined) return { question: plain, explain: false }
  try {
    const check = parseFields(batchedCheck, json) as z.output<typeof batchedCheck>
    return { question: parseCheckQuestion(check), explain: check.explain ?? false }
  } catch (error) {
    return { error }
  }
}
