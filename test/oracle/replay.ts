import {
  type AuthorizationEngine,
  type CheckQuestion,
  compileModel,
  type Decision,
  type Explanation,
  type Grant,
  type GroupId,
  type MembershipRef,
  type ModelDefinition,
  type ResourceAddress,
  type SubjectKey,
  type SubjectRef,
} from '@bailiwick/core'
import { memoryPlace } from '../doors/engine-places.js'

/**
 * Tell an empty engine the facts that an explanation names, and nothing else, and ask the same question there.
 *
 * @param definition - The model under which it was explained: what a role of it holds is no fact of the world.
 */
export async function replay(definition: ModelDefinition, explanation: Explanation): Promise<Decision> {
  const place = memoryPlace()
  const engine = await place.open(compileModel(definition))
  try {
    const stage = new Stage(engine, definition, explanation)
    return await stage.play()
  } finally {
    await engine.close()
    place.discard()
  }
}

class Stage {
  readonly #groups = new Map<string, GroupId>()
  #agents = 0

  constructor(
    readonly engine: AuthorizationEngine,
    readonly definition: ModelDefinition,
    readonly explanation: Explanation,
  ) {}

  async play(): Promise<Decision> {
    const { question, decision, path } = this.explanation
    const { permission, onBehalfOf = [] } = question
    await this.engine.createOrganization({ id: this.#id, name: 'Replayed' })
    for (const [index, step] of [...path].reverse().entries()) {
      const parent = path[path.length - index]
      if (parent !== undefined) await this.#resource(step, parent)
    }
    const parties: SubjectRef[] = []
    for (const party of [question.subject, ...onBehalfOf]) parties.push(await this.#appear(party))
    if (decision.kind === 'allow') {
      const told = [decision.grants, ...(decision.delegations ?? []).map(({ grants }) => grants)]
      for (const [index, grants] of told.entries()) {
        for (const grant of grants) await this.#give(parties[index] as SubjectRef, grant)
      }
    } else {
      const denied = decision.onBehalfOf
      const index = 1 + onBehalfOf.findIndex((party) => JSON.stringify(party) === JSON.stringify(denied))
      for (const { holder, on } of decision.exclusions ?? [])
        await this.#single(parties[index] as SubjectRef, holder, on, 'deny')
    }
    const [subject, ...others] = parties as [SubjectRef, ...SubjectRef[]]
    const asked: CheckQuestion = {
      organizationId: this.#id,
      subject,
      permission,
      onBehalfOf: others,
      ...this.#place(path[0]),
    }
    const replayed = await this.engine.check(asked)
    return replayed
  }

  get #id() {
    return this.explanation.question.organizationId
  }

  async #resource({ type, externalId }: ResourceAddress, parent: ResourceAddress): Promise<void> {
    await this.engine.createResource({
      organizationId: this.#id,
      type,
      externalId,
      name: externalId,
      parent: this.#ref(parent),
    })
  }

  /** Somebody without anything, to be given what is named. */
  async #appear(party: SubjectRef): Promise<SubjectRef> {
    const organizationId = this.#id
    if ('groupId' in party) return { groupId: await this.#group(party.groupId) }
    if ('agent' in party) {
      const onPath = this.explanation.path.find(
        ({ id, type, externalId }) =>
          ('resourceId' in party.agent && party.agent.resourceId === id) ||
          ('type' in party.agent && party.agent.type === type && party.agent.externalId === externalId),
      )
      return { agent: onPath === undefined ? await this.#someAgent() : this.#ref(onPath) }
    }
    if ((await this.engine.findMembership(organizationId, party)) !== undefined) return party
    const names = 'membershipId' in party ? { id: party.membershipId, userId: party.membershipId } : party
    await this.engine.createMembership({ organizationId, ...names, roles: [] })
    return party
  }

  async #group(known: GroupId): Promise<GroupId> {
    const there = this.#groups.get(known)
    if (there !== undefined) return there
    const { value } = await this.engine.createGroup({ organizationId: this.#id, name: known })
    this.#groups.set(known, value.id)
    return value.id
  }

  /** An agent that the explanation does not place: somewhere, under parents of its own. */
  async #someAgent() {
    const [type] = Object.entries(this.definition.resourceTypes).find(([, { agent }]) => agent) ?? []
    if (type === undefined) throw new Error('an agent is named, and no type is able to act')
    this.#agents += 1
    return this.#placed(type, `replayed-${this.#agents}`)
  }

  async #placed(type: string, externalId: string): Promise<{ type: string; externalId: string }> {
    const above = this.definition.resourceTypes[type]?.parents[0]
    const parent =
      above === undefined || above === 'organization' ? {} : { parent: await this.#placed(above, externalId) }
    const organizationId = this.#id
    const ref = { type, externalId }
    if (!(await this.engine.hasResource(organizationId, ref)))
      await this.engine.createResource({ organizationId, ...ref, name: externalId, ...parent })
    return ref
  }

  async #give(party: SubjectRef, grant: Grant): Promise<void> {
    const organizationId = this.#id
    switch (grant.from) {
      case 'session':
      case 'service':
        throw new Error('an engine in this process says why')
      case 'membership': {
        await this.#know(grant.role, grant.on.type)
        const held = await this.engine.findMembership(organizationId, party as MembershipRef)
        await this.engine.setMembershipRoles(organizationId, party as MembershipRef, [
          ...(held?.roles ?? []),
          grant.role,
        ])
        return
      }
      case 'assignment':
      case 'group': {
        await this.#know(grant.role, grant.on.type)
        const groupId = grant.from === 'group' ? await this.#joined(party, grant.groupId) : undefined
        const subject = groupId === undefined ? party : { groupId }
        await this.engine.assignRole({
          organizationId,
          subject,
          role: grant.role,
          resource: this.#ref(grant.on),
        })
        return
      }
      case 'directory': {
        await this.#know(grant.role, grant.on.type)
        const { directoryGroup, role, on } = grant
        const known = await this.engine.listDirectoryMappings(organizationId)
        const place = await this.engine.findResource(organizationId, this.#ref(on))
        if (
          !known.some(
            (each) =>
              each.role === role && each.resourceId === place?.id && each.directoryGroup === directoryGroup,
          )
        )
          await this.engine.createDirectoryMapping({
            organizationId,
            directoryGroup,
            role,
            resource: this.#ref(on),
          })
        await this.engine.applyDirectoryGroupEvent(organizationId, party as MembershipRef, {
          kind: 'added',
          directoryGroup,
        })
        return
      }
      case 'permission':
        return this.#single(party, grant.holder, grant.on, 'allow')
    }
  }

  async #single(party: SubjectRef, holder: SubjectKey, on: ResourceAddress, effect: 'allow' | 'deny') {
    const groupId = holder.kind === 'group' ? await this.#joined(party, holder.id) : undefined
    await this.engine.createExclusion({
      organizationId: this.#id,
      subject: groupId === undefined ? party : { groupId },
      permission: this.explanation.question.permission,
      effect,
      resource: this.#ref(on),
    })
  }

  async #joined(party: SubjectRef, known: GroupId): Promise<GroupId> {
    const groupId = await this.#group(known)
    if (!('groupId' in party) && !('agent' in party))
      await this.engine.addGroupMember(this.#id, groupId, party)
    return groupId
  }

  /** A role of the organization itself: all that matters is that it holds this permission. */
  async #know(role: string, on: string): Promise<void> {
    if (Object.hasOwn(this.definition.roles, role)) return
    const known = await this.engine.listOrganizationRoles(this.#id)
    if (known.some(({ slug }) => slug === role)) return
    await this.engine.createOrganizationRole({
      organizationId: this.#id,
      name: role,
      slug: role,
      on,
      permissions: [this.explanation.question.permission],
    })
  }

  #place(address: ResourceAddress | undefined): Pick<CheckQuestion, 'resource'> {
    return address === undefined ? {} : { resource: this.#ref(address) }
  }

  #ref({ type, externalId }: ResourceAddress) {
    return { type, externalId: type === 'organization' ? this.#id : externalId }
  }
}
