import {
  type Asking,
  type CheckQuestion,
  type MembershipRef,
  Misconfigured,
  type Model,
  type OrganizationId,
  type ResourceTypeSlug,
  type Session,
} from '@bailiwick/core'
import { agentRefused } from './session/refusals.js'
import { refOf, type Target } from './target.js'

/** Who may act for a user. */
export interface AgentOptions {
  /** The resource type of the agents. The `sub` of an acting party is the external id of one of its resources. */
  readonly type: ResourceTypeSlug
}

/**
 * The type of the agents that an application accepts, if it does.
 *
 * @throws {ResourceTypeUnknown} or {Misconfigured} unless the model has that type and marks it as able to act.
 */
export function readAgentType(agents: AgentOptions | undefined, model: Model): string | undefined {
  if (agents === undefined) return undefined
  const { slug, agent } = model.type(agents.type)
  if (!agent) {
    throw new Misconfigured(
      `resources of type \`${slug}\` cannot act: give the type \`agent: true\` in the model, or name another in \`agents.type\``,
    )
  }
  return slug
}

/** @throws {SessionInvalid} `session_agent_refused` for a session with actors where no agent is accepted. */
export function refuseAgents({ actors }: Session, agentType: string | undefined): void {
  if (actors.length > 0 && agentType === undefined) throw agentRefused()
}

/**
 * Who asks in a session: the user, or the party acting now on behalf of all that stand between it and the user.
 * Then each of them must be allowed, so that no agent is worth more than whom it acts for.
 *
 * @throws {SessionInvalid} `session_agent_refused` as `refuseAgents`.
 */
export function askingOf(
  session: Session,
  organizationId: OrganizationId,
  agentType: string | undefined,
): Asking {
  refuseAgents(session, agentType)
  const user: MembershipRef =
    session.membershipId === undefined ? { userId: session.userId } : { membershipId: session.membershipId }
  if (agentType === undefined || session.actors.length === 0) return { organizationId, subject: user }
  const [nearest, ...earlier] = session.actors.map((externalId) => ({
    agent: { type: agentType, externalId },
  }))
  return { organizationId, subject: nearest ?? user, onBehalfOf: [...earlier, user] }
}

/** The question of a session to the engine. @throws as `askingOf` */
export function questionOf(
  session: Session,
  organizationId: OrganizationId,
  permission: string,
  target: Target | undefined,
  agentType: string | undefined,
): CheckQuestion {
  // Field by field: to spread an object into another costs more than a decision.
  const { subject, onBehalfOf } = askingOf(session, organizationId, agentType)
  const resource = target && refOf(target)
  if (onBehalfOf !== undefined) {
    return resource === undefined
      ? { organizationId, subject, onBehalfOf, permission }
      : { organizationId, subject, onBehalfOf, permission, resource }
  }
  return resource === undefined
    ? { organizationId, subject, permission }
    : { organizationId, subject, permission, resource }
}
