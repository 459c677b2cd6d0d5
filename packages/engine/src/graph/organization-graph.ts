import {
  type AnyEntity,
  type AssignmentId,
  type AssignmentRecord,
  assertNever,
  type Change,
  type MembershipRecord,
  type Organization,
  type Resource,
  type ResourceRef,
  rootType,
  type SubjectRef,
} from '@bailiwick/core'
import type { Environment } from '../environment/environment.js'
import type { AssignmentNode, MembershipNode, ResourceNode } from './nodes.js'

/**
 * One organization in memory, linked so that a check walks from the resource to the root and looks up, at each
 * step, what the membership holds there. It changes only by `apply`, and holds exactly what was applied.
 */
export class OrganizationGraph {
  #organization: Organization | undefined
  #root: ResourceNode | undefined
  readonly #resources = new Map<string, ResourceNode>()
  readonly #resourcesByType = new Map<string, Map<string, ResourceNode>>()
  readonly #memberships = new Map<string, MembershipNode>()
  readonly #membershipsByUser = new Map<string, MembershipNode>()
  readonly #assignments = new Map<string, AssignmentNode>()

  constructor(readonly environment: Environment) {}

  /** The graph of a loaded shard, whatever order its entities come in. */
  static build(environment: Environment, entities: Iterable<AnyEntity>): OrganizationGraph {
    const graph = new OrganizationGraph(environment)
    const resources: Resource[] = []
    const assignments: AssignmentRecord[] = []
    for (const { kind, entity } of entities) {
      if (kind === 'organization') graph.#organization = entity
      else if (kind === 'membership') graph.#putMembership(entity)
      else if (kind === 'resource') resources.push(entity)
      else if (kind === 'assignment') assignments.push(entity)
    }
    for (const resource of resources) graph.#addResource(resource)
    for (const resource of resources) graph.#linkResource(resource)
    for (const assignment of assignments) graph.#putAssignment(assignment)
    return graph
  }

  get organization(): Organization | undefined {
    return this.#organization
  }

  /** The organization's own resource. */
  get root(): ResourceNode | undefined {
    return this.#root
  }

  /** How many entities it holds: a measure of its memory. */
  get size(): number {
    return this.#resources.size + this.#memberships.size + this.#assignments.size + 1
  }

  findMembership(subject: SubjectRef): MembershipNode | undefined {
    return 'membershipId' in subject
      ? this.#memberships.get(subject.membershipId)
      : this.#membershipsByUser.get(subject.userId)
  }

  /** The root answers to the organization's id and to its external id. */
  findResource(ref: ResourceRef): ResourceNode | undefined {
    if ('resourceId' in ref) return this.#resources.get(ref.resourceId)
    if (ref.type === rootType) return this.#answersTo(ref.externalId) ? this.#root : undefined
    return this.#resourcesByType.get(ref.type)?.get(ref.externalId)
  }

  findAssignment(id: AssignmentId): AssignmentNode | undefined {
    return this.#assignments.get(id)
  }

  /** Apply changes in order. Returns the changes that take them back. */
  apply(changes: readonly Change[]): readonly Change[] {
    return changes.map((change) => this.#applyOne(change)).reverse()
  }

  #applyOne(change: Change): Change {
    switch (change.kind) {
      case 'organization': {
        const before = this.#organization
        this.#organization = change.op === 'put' ? change.entity : undefined
        return before === undefined ? { ...change, op: 'remove' } : { ...change, op: 'put', entity: before }
      }
      case 'membership': {
        const before = this.#memberships.get(change.entity.id)?.entity
        if (change.op === 'put') this.#putMembership(change.entity)
        else this.#removeMembership(change.entity)
        return before === undefined ? { ...change, op: 'remove' } : { ...change, op: 'put', entity: before }
      }
      case 'resource': {
        const before = this.#resources.get(change.entity.id)?.entity
        if (change.op === 'put') this.#putResource(change.entity)
        else this.#removeResource(change.entity)
        return before === undefined ? { ...change, op: 'remove' } : { ...change, op: 'put', entity: before }
      }
      case 'assignment': {
        const before = this.#assignments.get(change.entity.id)?.entity
        if (change.op === 'put') this.#putAssignment(change.entity)
        else this.#removeAssignment(change.entity.id)
        return before === undefined ? { ...change, op: 'remove' } : { ...change, op: 'put', entity: before }
      }
      case 'resource_type':
      case 'permission':
      case 'role':
      case 'settings':
        throw new Error(`a ${change.kind} does not belong to an organization`)
      default:
        return assertNever(change)
    }
  }

  #answersTo(externalId: string): boolean {
    return externalId === this.#organization?.id || externalId === this.#root?.entity.externalId
  }

  #putMembership(entity: MembershipRecord): void {
    const roles = entity.roleIds.flatMap((id) => this.environment.roleById(id) ?? [])
    const known = this.#memberships.get(entity.id)
    if (known !== undefined) {
      known.entity = entity
      known.roles = roles
      return
    }
    const node: MembershipNode = { entity, roles, assignments: new Map() }
    this.#memberships.set(entity.id, node)
    this.#membershipsByUser.set(entity.userId, node)
  }

  #removeMembership(entity: MembershipRecord): void {
    this.#memberships.delete(entity.id)
    this.#membershipsByUser.delete(entity.userId)
  }

  #putResource(entity: Resource): void {
    const known = this.#resources.get(entity.id)
    if (known === undefined) this.#addResource(entity)
    else {
      known.entity = entity
      known.parent?.children.delete(known)
    }
    this.#linkResource(entity)
  }

  #addResource(entity: Resource): void {
    const { id, type, externalId } = entity
    const node: ResourceNode = {
      entity,
      parent: undefined,
      address: { id, type, externalId },
      children: new Set(),
      assignments: new Set(),
    }
    this.#resources.set(id, node)
    if (entity.parentId === null) {
      this.#root = node
      return
    }
    const ofType = this.#resourcesByType.get(type)
    if (ofType === undefined) this.#resourcesByType.set(type, new Map([[externalId, node]]))
    else ofType.set(externalId, node)
  }

  #linkResource(entity: Resource): void {
    if (entity.parentId === null) return
    const node = known(this.#resources, entity.id)
    node.parent = known(this.#resources, entity.parentId)
    node.parent.children.add(node)
  }

  #removeResource(entity: Resource): void {
    const node = known(this.#resources, entity.id)
    node.parent?.children.delete(node)
    this.#resources.delete(entity.id)
    this.#resourcesByType.get(entity.type)?.delete(entity.externalId)
    if (node === this.#root) this.#root = undefined
  }

  #putAssignment(entity: AssignmentRecord): void {
    const membership = known(this.#memberships, entity.membershipId)
    const resource = known(this.#resources, entity.resourceId)
    const node: AssignmentNode = {
      entity,
      membership,
      resource,
      role: this.environment.roleById(entity.roleId),
    }
    this.#assignments.set(entity.id, node)
    resource.assignments.add(node)
    const here = membership.assignments.get(resource)
    if (here === undefined) membership.assignments.set(resource, [node])
    else here.push(node)
  }

  #removeAssignment(id: AssignmentId): void {
    const node = known(this.#assignments, id)
    this.#assignments.delete(id)
    node.resource.assignments.delete(node)
    const left = (node.membership.assignments.get(node.resource) ?? []).filter((other) => other !== node)
    if (left.length === 0) node.membership.assignments.delete(node.resource)
    else node.membership.assignments.set(node.resource, left)
  }
}

// A commit that names what is not there was not made by our commands: better no graph than a wrong one.
function known<Node>(nodes: ReadonlyMap<string, Node>, id: string): Node {
  const node = nodes.get(id)
  if (node === undefined) throw new Error(`a commit refers to ${id}, which is not there`)
  return node
}
