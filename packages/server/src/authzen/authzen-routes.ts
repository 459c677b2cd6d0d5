import type { OrganizationId } from '@bailiwick/core'
import { authzen, organizationAuthzen, renderDecisionPoint, renderPlainError } from '@bailiwick/wire'
import { type RequestContext, type Route, route, type Service } from '../http/route.js'
import { type Asked, evaluate, evaluateAll } from './evaluate.js'
import { searchActions, searchResources, searchSubjects } from './search.js'

/** AuthZEN 1.0: one decision point for all organizations, and one for each. */
export function authzenRoutes(service: Service): readonly Route[] {
  return [...routesOf(authzen, service), ...routesOf(organizationAuthzen, service)].map((each) => ({
    ...each,
    renderError: renderPlainError,
  }))
}

function routesOf(point: typeof authzen | typeof organizationAuthzen, service: Service): readonly Route[] {
  // Both have the same requests; only the paths differ, and one of them has an organization in it.
  const operations = point as typeof authzen
  const { engine } = service
  return [
    route(operations.evaluation, async ({ params, body }, context) => ({
      body: await evaluate(engine, body, asked(params, context)),
    })),
    route(
      operations.evaluations,
      async ({ params, body }, context) => ({
        body: await evaluateAll(engine, body, asked(params, context)),
      }),
      { weigh: ({ body }) => body.evaluations?.length ?? 1 },
    ),
    route(operations.searchSubject, async ({ params, body }, context) => ({
      body: await searchSubjects(engine, body, asked(params, context)),
    })),
    route(operations.searchResource, async ({ params, body }, context) => ({
      body: await searchResources(engine, body, asked(params, context)),
    })),
    route(operations.searchAction, async ({ params, body }, context) => ({
      body: await searchActions(engine, body, asked(params, context)),
    })),
    route(operations.configuration, async ({ params }) => ({
      body: renderDecisionPoint(`${service.publicUrl()}${addressOf(organizationIn(params))}`),
    })),
  ]
}

function asked(params: unknown, { consistency }: RequestContext): Asked {
  return { within: organizationIn(params), options: consistency }
}

function organizationIn(params: unknown): OrganizationId | undefined {
  return (params as { readonly organization_id: OrganizationId } | undefined)?.organization_id
}

function addressOf(organization: OrganizationId | undefined): string {
  return organization === undefined ? '' : `/organizations/${organization}`
}
