import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import * as any from './arbitraries.fixture.js'
import { parseDecision, renderDecision } from './decisions.js'
import { parseExplanation, renderExplanation } from './explanations.js'
import {
  parseDirectoryMapping,
  parseExclusion,
  parseHeldAssignment,
  renderDirectoryMapping,
  renderExclusion,
  renderHeldAssignment,
} from './held.js'
import {
  checkQuestion,
  parseCheckQuestion,
  parsePermissionsQuestion,
  parseScopeQuestion,
  permissionsQuestion,
  renderCheckQuestion,
  renderPermissionsQuestion,
  renderScopeQuestion,
  scopeQuestion,
} from './questions.js'
import { parseScope, renderScope } from './scopes.js'
import {
  parseResourcesQuestion,
  parseSubjectsQuestion,
  renderResourcesQuestion,
  renderSubjectsQuestion,
  resourcesQuestion,
  subjectsQuestion,
} from './searches.js'

/** What a value becomes at the other end of a wire: rendered, written, sent, read, parsed. */
function told<Value, Json>(value: Value, render: (value: Value) => Json, parse: (json: unknown) => Value) {
  return parse(JSON.parse(JSON.stringify(render(value))))
}

describe('what is told is understood', () => {
  const trips = [
    [
      'a check',
      any.checkQuestions,
      renderCheckQuestion,
      (json: unknown) => parseCheckQuestion(checkQuestion.parse(json)),
    ],
    [
      'a question for permissions',
      any.permissionsQuestions,
      renderPermissionsQuestion,
      (json: unknown) => parsePermissionsQuestion(permissionsQuestion.parse(json)),
    ],
    [
      'a question for a scope',
      any.scopeQuestions,
      renderScopeQuestion,
      (json: unknown) => parseScopeQuestion(scopeQuestion.parse(json)),
    ],
    [
      'a search for resources',
      any.resourcesQuestions,
      renderResourcesQuestion,
      (json: unknown) => parseResourcesQuestion(resourcesQuestion.parse(json)),
    ],
    [
      'a search for subjects',
      any.subjectsQuestions,
      renderSubjectsQuestion,
      (json: unknown) => parseSubjectsQuestion(subjectsQuestion.parse(json)),
    ],
    ['a decision', any.decisions, renderDecision, parseDecision],
    ['an explanation', any.explanations, renderExplanation, parseExplanation],
    ['a scope', any.scopes, renderScope, parseScope],
    ['an assignment', any.assignments, renderHeldAssignment, parseHeldAssignment],
    ['a mapping', any.mappings, renderDirectoryMapping, parseDirectoryMapping],
    ['an exclusion', any.exclusions, renderExclusion, parseExclusion],
  ] as const

  test.each(trips)('%s', (_, values, render, parse) => {
    fc.assert(
      fc.property(values as fc.Arbitrary<unknown>, (value) => {
        expect(told(value, render as (value: unknown) => unknown, parse)).toStrictEqual(value)
      }),
    )
  })
})
