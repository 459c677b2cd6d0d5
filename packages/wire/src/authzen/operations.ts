import { z } from 'zod'
import { organizationId } from '../ids.js'
import { operation } from '../operation.js'
import {
  decisionPointMetadata,
  evaluationAnswer,
  evaluationsAnswer,
  foundAction,
  foundEntity,
  searchAnswer,
} from './answers.js'
import {
  actionSearchRequest,
  evaluationRequest,
  evaluationsRequest,
  resourceSearchRequest,
  subjectSearchRequest,
} from './requests.js'

const tag = 'AuthZEN'
const scope = 'check'
const status = 200

/**
 * AuthZEN 1.0 for all organizations: a request names its organization in `resource.properties.organization_id` or in
 * `context.organization_id`, or names its subject by an id that belongs to one.
 */
export const authzen = {
  evaluation: operation({
    id: 'authzenEvaluation',
    method: 'POST',
    path: '/access/v1/evaluation',
    summary: 'AuthZEN: may this subject do this with this resource?',
    tag,
    scope,
    status,
    schemas: { body: evaluationRequest, answer: evaluationAnswer },
  }),
  evaluations: operation({
    id: 'authzenEvaluations',
    method: 'POST',
    path: '/access/v1/evaluations',
    summary: 'AuthZEN: up to 100 questions at once',
    tag,
    scope,
    status,
    schemas: { body: evaluationsRequest, answer: evaluationsAnswer },
  }),
  searchSubject: operation({
    id: 'authzenSearchSubject',
    method: 'POST',
    path: '/access/v1/search/subject',
    summary: 'AuthZEN: who may do this with this resource?',
    tag,
    scope,
    status,
    schemas: { body: subjectSearchRequest, answer: searchAnswer(foundEntity) },
  }),
  searchResource: operation({
    id: 'authzenSearchResource',
    method: 'POST',
    path: '/access/v1/search/resource',
    summary: 'AuthZEN: with which resources may this subject do this?',
    tag,
    scope,
    status,
    schemas: { body: resourceSearchRequest, answer: searchAnswer(foundEntity) },
  }),
  searchAction: operation({
    id: 'authzenSearchAction',
    method: 'POST',
    path: '/access/v1/search/action',
    summary: 'AuthZEN: what may this subject do with this resource?',
    tag,
    scope,
    status,
    schemas: { body: actionSearchRequest, answer: searchAnswer(foundAction) },
  }),
  configuration: operation({
    id: 'authzenConfiguration',
    method: 'GET',
    path: '/.well-known/authzen-configuration',
    summary: 'AuthZEN: where this decision point answers what',
    tag,
    scope: 'public',
    status,
    schemas: { answer: decisionPointMetadata },
  }),
} as const

const params = z.object({ organization_id: organizationId })
const base = '/organizations/{organization_id}'

/** AuthZEN 1.0 for one organization: a decision point of its own, whose address says which organization is meant. */
export const organizationAuthzen = {
  evaluation: operation({
    ...authzen.evaluation,
    id: 'organizationAuthzenEvaluation',
    path: `${base}${authzen.evaluation.path}`,
    schemas: { ...authzen.evaluation.schemas, params },
  }),
  evaluations: operation({
    ...authzen.evaluations,
    id: 'organizationAuthzenEvaluations',
    path: `${base}${authzen.evaluations.path}`,
    schemas: { ...authzen.evaluations.schemas, params },
  }),
  searchSubject: operation({
    ...authzen.searchSubject,
    id: 'organizationAuthzenSearchSubject',
    path: `${base}${authzen.searchSubject.path}`,
    schemas: { ...authzen.searchSubject.schemas, params },
  }),
  searchResource: operation({
    ...authzen.searchResource,
    id: 'organizationAuthzenSearchResource',
    path: `${base}${authzen.searchResource.path}`,
    schemas: { ...authzen.searchResource.schemas, params },
  }),
  searchAction: operation({
    ...authzen.searchAction,
    id: 'organizationAuthzenSearchAction',
    path: `${base}${authzen.searchAction.path}`,
    schemas: { ...authzen.searchAction.schemas, params },
  }),
  configuration: operation({
    ...authzen.configuration,
    id: 'organizationAuthzenConfiguration',
    path: `${authzen.configuration.path}${base}`,
    schemas: { ...authzen.configuration.schemas, params },
  }),
} as const
