import type { AuthorizationEngine, CheckQuestion, Membership, Model, ResourceRef } from '@bailiwick/core'
import { memoryStore } from '@bailiwick/engine'
import { expect } from 'vitest'
import type { EnginePlace } from '../doors/engine-places.js'
import { remoteOver } from '../remote/remote-place.js'
import { startServer } from '../server/start-server.js'
import { clientOf } from './client-of.js'
import { sdks, type WorkOSClient } from './sdks.js'

/** How often a release of the SDK was told what. */
export interface SdkAnswers {
  yes: number
  no: number
  notFound: number
}

/**
 * A server that a remote engine asks, and every release of the official SDK after it: each check that WorkOS's API has
 * a place for is asked by all of them, and they must agree.
 */
export function sdkPlace(answers: SdkAnswers = { yes: 0, no: 0, notFound: 0 }): EnginePlace {
  const store = memoryStore({ access: 'exclusive' })
  return {
    async open(model: Model): Promise<AuthorizationEngine> {
      const server = await startServer({ store, model })
      const clients = sdks.map((sdk) => clientOf(sdk, server))
      const engine = await remoteOver(server)
      return {
        ...engine,
        async check(question, options) {
          const decision = await engine.check(question, options)
          const member = await memberOf(engine, question)
          if (member === undefined) return decision
          const resource = question.resource ?? { type: 'organization', externalId: question.organizationId }
          const isThere = await engine.hasResource(question.organizationId, resource)
          const right = !isThere ? 'notFound' : decision.kind === 'allow' ? 'yes' : 'no'
          for (const { workos } of clients) {
            const answer = await answerOf(workos, member, question.permission, resource)
            expect(answer, `the SDK, asked ${JSON.stringify(question)}`).toBe(right)
            answers[answer]++
          }
          return decision
        },
        async close() {
          await engine.close()
          await server.close()
          expect(clients.flatMap(({ problems }) => problems)).toEqual([])
        },
      }
    },
    discard() {},
  }
}

/**
 * Who asks, where WorkOS's API can be asked: a member, for herself. The organization of her check is that of her
 * membership, so who has none in the organization of the question cannot be asked about there.
 */
async function memberOf(
  engine: AuthorizationEngine,
  { organizationId, subject, onBehalfOf }: CheckQuestion,
): Promise<Membership | undefined> {
  if ('groupId' in subject || 'agent' in subject || onBehalfOf !== undefined) return undefined
  return engine.findMembership(organizationId, subject)
}

async function answerOf(
  workos: WorkOSClient,
  membership: Membership,
  permissionSlug: string,
  resource: ResourceRef,
): Promise<keyof SdkAnswers> {
  const asking = { organizationMembershipId: membership.id, permissionSlug }
  const named =
    'resourceId' in resource
      ? { resourceId: resource.resourceId }
      : { resourceExternalId: resource.externalId, resourceTypeSlug: resource.type }
  try {
    return (await workos.authorization.check({ ...asking, ...named })).authorized ? 'yes' : 'no'
  } catch (error) {
    if ((error as Error).name === 'NotFoundException') return 'notFound'
    throw error
  }
}
