/** A mistake that somebody could make in the engine, as an edit of its source. */
export interface Mutant {
  readonly name: string
  readonly mistake: string
  readonly edits: readonly Edit[]
}

export interface Edit {
  /** Under packages/engine/src. */
  readonly file: string
  /** Stands there exactly once. */
  readonly find: string
  readonly replace: string
}

/** Each must be noticed by the oracle. */
export const mutants: readonly Mutant[] = [
  {
    name: 'status-ignored',
    mistake: 'a membership that is not active is taken for an active one',
    edits: [
      {
        file: 'decide/subject.ts',
        find: 'graph.records.isActive(membership) ?',
        replace: 'graph.records.isActive(membership) || true ?',
      },
    ],
  },
  {
    name: 'agent-of-any-type',
    mistake: 'any resource is taken for an agent',
    edits: [
      {
        file: 'decide/subject.ts',
        find: 'agent === none || !graph.isAgent(agent)',
        replace: 'agent === none',
      },
    ],
  },
  {
    name: 'denials-forgotten',
    mistake: 'an exclusion denies nothing',
    edits: [
      {
        file: 'decide/decide.ts',
        find: "if (denials.hits.length > 0) return { ...deny('excluded'), ...exclusions }",
        replace: '',
      },
    ],
  },
  {
    name: 'delegation-ignored',
    mistake: 'an agent is not held to what those may for whom it acts',
    edits: [
      {
        file: 'decide/decide.ts',
        find: "if (theirs.kind === 'deny') return { ...theirs, onBehalfOf: party }",
        replace: "if (theirs.kind === 'deny') continue",
      },
    ],
  },
  {
    name: 'only-the-last-party',
    mistake: 'of those for whom an agent acts only the last one is asked',
    edits: [
      {
        file: 'decide/decide.ts',
        find: 'for (const party of onBehalfOf) {',
        replace: 'for (const party of onBehalfOf.slice(-1)) {',
      },
    ],
  },
  {
    name: 'misses-of-any-type',
    mistake: 'a miss names a role on a resource of another type',
    edits: [{ file: 'decide/decide.ts', find: 'if (on !== type) continue', replace: '' }],
  },
  {
    name: 'misses-that-lose',
    mistake: 'a miss names a role that would lose against the one that counts',
    edits: [
      {
        file: 'decide/decide.ts',
        find: 'if (entry === root && counting !== undefined && graph.priorityOf(role) > counting.priority) continue',
        replace: '',
      },
    ],
  },
  {
    name: 'root-forgotten',
    mistake: 'the way up ends below the organization',
    edits: [
      {
        file: 'decide/walk.ts',
        find: 'const steps = belowRootOnly ? length - 1 : length',
        replace: 'const steps = length - 1',
      },
      {
        file: 'decide/walk.ts',
        find: 'if (belowRootOnly && at === graph.resources.root) continue',
        replace: 'if (at === graph.resources.root) continue',
      },
    ],
  },
  {
    name: 'single-mode-ignored',
    mistake: 'every organization role counts where one should',
    edits: [
      {
        file: 'environment/environment.ts',
        find: "this.singleRole = model.roleMode === 'single'",
        replace: 'this.singleRole = false',
      },
    ],
  },
  {
    name: 'single-mode-everywhere',
    mistake: 'one organization role counts where all should',
    edits: [
      {
        file: 'environment/environment.ts',
        find: "this.singleRole = model.roleMode === 'single'",
        replace: 'this.singleRole = true',
      },
    ],
  },
  {
    name: 'groups-forgotten-below',
    mistake: "a single permission of a group is not its members'",
    edits: [
      {
        file: 'decide/walk.ts',
        find: 'if ((holder & 3) !== membershipKind) return false',
        replace: 'if (true as boolean) return false',
      },
    ],
  },
  {
    name: 'mapping-anywhere',
    mistake: 'a mapped role holds on every resource',
    edits: [{ file: 'decide/walk.ts', find: '&& onPath(mapping.resource) && sink', replace: '&& sink' }],
  },
  {
    name: 'effect-ignored',
    mistake: 'a denied permission is granted as well, and the other way round',
    edits: [
      {
        file: 'decide/walk.ts',
        find: 'exclusion.permission !== permission || exclusion.effect !== effect',
        replace: 'exclusion.permission !== permission',
      },
    ],
  },
  {
    name: 'exclusion-of-any-permission',
    mistake: 'an exclusion of one permission denies all of them',
    edits: [
      {
        file: 'decide/walk.ts',
        find: 'exclusion.permission !== permission || exclusion.effect !== effect',
        replace: 'exclusion.effect !== effect',
      },
    ],
  },
  {
    name: 'exclusion-anywhere',
    mistake: 'an exclusion holds on every resource',
    edits: [
      {
        file: 'decide/walk.ts',
        find: 'if (onPath(exclusion.resource) && sink.single(exclusion)) return true',
        replace: 'if (sink.single(exclusion)) return true',
      },
    ],
  },
  {
    name: 'lowest-priority',
    mistake: 'the role of lowest priority counts',
    edits: [
      {
        file: 'decide/counting-role.ts',
        find: 'let priority = Number.POSITIVE_INFINITY',
        replace: 'let priority = -1',
      },
      {
        file: 'decide/counting-role.ts',
        find: 'if (place > priority) return',
        replace: 'if (place < priority) return',
      },
      {
        file: 'decide/counting-role.ts',
        find: 'if (place < priority) sources = []',
        replace: 'if (place > priority) sources = []',
      },
    ],
  },
  {
    name: 'group-roles-do-not-compete',
    mistake: 'the role of a group does not compete for the one that counts',
    edits: [
      {
        file: 'decide/counting-role.ts',
        find: 'considerRows(holderOf(groupKind, groups.group(link)))',
        replace: '',
      },
    ],
  },
  {
    name: 'sign-in-before-directory',
    mistake: 'a sign-in goes before the directory',
    edits: [
      {
        file: 'decide/own-roles.ts',
        find: 'onOrganization(graph, directory) ?? onOrganization(graph, sso)',
        replace: 'onOrganization(graph, sso) ?? onOrganization(graph, directory)',
      },
    ],
  },
  {
    name: 'choice-never-holds',
    mistake: 'what was chosen by hand gives way to what the provider told before',
    edits: [
      {
        file: 'decide/own-roles.ts',
        find: 'if (!fact.rolesOverrideDirectory) {',
        replace: 'if (true as boolean) {',
      },
    ],
  },
  {
    name: 'own-roles-always',
    mistake: 'own roles hold beside those that the provider maps',
    edits: [{ file: 'decide/own-roles.ts', find: 'if (mapped !== undefined) return mapped', replace: '' }],
  },
  {
    name: 'sign-in-not-below',
    mistake: 'a sign-in maps nothing below the organization',
    edits: [
      {
        file: 'decide/own-roles.ts',
        find: 'new Set([...(groups.directory ?? []), ...(groups.sso ?? [])])',
        replace: 'new Set([...(groups.directory ?? [])])',
      },
    ],
  },
  {
    name: 'group-named-as-own',
    mistake: "a grant through a group is told as the member's own",
    edits: [
      {
        file: 'decide/grants.ts',
        find: 'holder !== this.holder && (holder & 3) === groupKind',
        replace: 'holder === -5',
      },
    ],
  },
  {
    name: 'role-of-the-wrong-type',
    mistake: 'a role is given on a resource of another type than its own',
    edits: [
      {
        file: 'commands/find.ts',
        find: 'if (on !== type) throw',
        replace: "if (on === 'no type at all') throw",
      },
    ],
  },
  {
    name: 'assignment-twice',
    mistake: 'giving a role twice makes a second assignment',
    edits: [{ file: 'commands/assignments.ts', find: 'if (held !== none) {', replace: 'if (held === -7) {' }],
  },
  {
    name: 'replace-keeps-all',
    mistake: 'replacing assignments takes nothing back',
    edits: [
      {
        file: 'commands/assignments.ts',
        find: 'if (!kept.has(row)) changes',
        replace: 'if (row === -7) changes',
      },
    ],
  },
  {
    name: 'override-kept',
    mistake: 'the provider tells again, and what was chosen by hand still holds',
    edits: [{ file: 'commands/directory.ts', find: 'rolesOverrideDirectory: false,', replace: '' }],
  },
  {
    name: 'repeated-sign-in',
    mistake: 'a sign-in that repeats the one before does not take back what was chosen since',
    edits: [
      {
        file: 'commands/directory.ts',
        find: 'if (repeated && !membership.rolesOverrideDirectory)',
        replace: 'if (repeated)',
      },
    ],
  },
  {
    name: 'mapping-twice',
    mistake: 'the same mapping can be made twice',
    edits: [
      {
        file: 'commands/directory.ts',
        find: 'each.role === role && each.resource === resource',
        replace: 'each.role === -7',
      },
    ],
  },
  {
    name: 'exclusion-effect-mixed',
    mistake: 'a grant of one permission is taken for the denial that is there',
    edits: [
      {
        file: 'commands/exclusions.ts',
        find: 'each.permission === permission && each.resource === resource && each.effect === effect',
        replace: 'each.permission === permission && each.resource === resource',
      },
    ],
  },
  {
    name: 'member-keeps-place',
    mistake: "a deleted membership's exclusions and assignments are left behind for the store",
    edits: [
      {
        file: 'commands/removals.ts',
        find: 'const exclusions = new Set(graph.exclusions.of(holder).map(({ id }) => id))',
        replace: 'const exclusions = new Set<string>()',
      },
    ],
  },
  {
    name: 'agent-assignments-left',
    mistake: 'what an agent holds does not keep it from being deleted',
    edits: [
      {
        file: 'commands/removals.ts',
        find: 'for (let row = rows.first(holderOf(agentKind, entry)); row !== none; row = rows.nextOfHolder(row))',
        replace: 'for (let row = none; row !== none; row = rows.nextOfHolder(row))',
      },
    ],
  },
  {
    name: 'shallow-cascade',
    mistake: 'a cascade reaches only children',
    edits: [
      {
        file: 'commands/removals.ts',
        find: 'for (let at = 0; at < entries.length; at++) {',
        replace: 'for (let at = 0; at < 1; at++) {',
      },
    ],
  },
  {
    name: 'cycle-of-two',
    mistake: 'only the resource itself is looked at when one moves',
    edits: [
      {
        file: 'commands/resources.ts',
        find: 'for (let above = parent; above !== none; above = resources.parent(above)) {',
        replace: 'for (let above = parent; above !== none; above = none) {',
      },
      {
        file: 'commands/resources.ts',
        find: 'requireFittingParent(graph, environment.typeSlug(resources.type(resource)), parent)',
        replace: '',
      },
    ],
  },
  {
    name: 'default-of-the-model',
    mistake: "an organization with its own default role gives the model's",
    edits: [
      {
        file: 'commands/memberships.ts',
        find: 'if (roleOrder !== undefined) return',
        replace: 'if (roleOrder !== undefined && roleOrder.priority.length > 999) return',
      },
    ],
  },
  {
    name: 'several-in-single-mode',
    mistake: 'several roles are given where one counts at a time',
    edits: [
      {
        file: 'commands/membership-roles.ts',
        find: 'roleIds.length > 1 &&',
        replace: 'roleIds.length > 99 &&',
      },
    ],
  },
  {
    name: 'role-deleted-while-mapped',
    mistake: 'a role that is mapped can be deleted',
    edits: [
      {
        file: 'commands/organization-roles.ts',
        find: 'memberships + assignments + mappings > 0',
        replace: 'memberships + assignments > 0',
      },
    ],
  },
  {
    name: 'role-with-any-permission',
    mistake: 'a role holds permissions of types above its own',
    edits: [
      {
        file: 'commands/organization-roles.ts',
        find: 'if (!selfAndBelow.has(permission.on))',
        replace: 'if (selfAndBelow.size === 0)',
      },
    ],
  },
  {
    name: 'order-survives-the-last-role',
    mistake: 'the order of an organization outlives its last own role',
    edits: [
      {
        file: 'commands/role-order.ts',
        find: 'if (roles.size === 1) return',
        replace: 'if (roles.size === -1) return',
      },
    ],
  },
  {
    name: 'new-role-first',
    mistake: 'a new role comes first in the order',
    edits: [
      {
        file: 'commands/role-order.ts',
        find: '[...known.priority, role.id]',
        replace: '[role.id, ...known.priority]',
      },
    ],
  },
  {
    name: 'under-itself',
    mistake: 'a list below a resource holds the resource',
    edits: [
      {
        file: 'lists/list-resources.ts',
        find: 'resources.parent(resource) === parent : resource !== parent)',
        replace: 'resources.parent(resource) === parent : true)',
      },
    ],
  },
  {
    name: 'direct-is-any',
    mistake: 'who holds something on the resource itself is everybody who may',
    edits: [
      {
        file: 'lists/subject-test.ts',
        find: "access === 'direct' ? grantOn(graph, resource) : anyGrant",
        replace: 'anyGrant',
      },
      { file: 'lists/gather-subjects.ts', find: "if (wanted.access === 'direct') return true", replace: '' },
    ],
  },
  {
    name: 'sleepers-listed',
    mistake: 'who is not active is listed',
    edits: [
      {
        file: 'lists/subject-test.ts',
        find: 'kind === membershipKind ? graph.memberships.isActive(entry) :',
        replace: 'kind === membershipKind ? true :',
      },
    ],
  },
  {
    name: 'effective-without-parties',
    mistake: 'what an agent may is told without those for whom it acts',
    edits: [
      {
        file: 'lists/effective-permissions.ts',
        find: 'holders.every(',
        replace: 'holders.slice(0, 1).every(',
      },
    ],
  },
  {
    name: 'scope-without-exceptions',
    mistake: 'a scope leaves out what is denied in it',
    edits: [
      {
        file: 'lists/scope.ts',
        find: 'const except = exceptions(graph, region).filter(canHold)',
        replace: 'const except = exceptions(graph, region).filter(() => false)',
      },
    ],
  },
  {
    name: 'region-of-one',
    mistake: 'a list for somebody who acts for others is that of the others',
    edits: [
      {
        file: 'lists/region.ts',
        find: 'const everybody = 2 ** reaches.length - 1',
        replace: 'const everybody = 1 << (reaches.length - 1)',
      },
    ],
  },
  {
    name: 'more-than-32-permissions',
    mistake: 'permission 33 shares its bit with permission 1',
    edits: [
      {
        file: 'graph/records.ts',
        find: 'const word = this.roleBits[role * this.environment.wordsPerRole + (permission >>> 5)] as number',
        replace: 'const word = this.roleBits[role * this.environment.wordsPerRole] as number',
      },
    ],
  },
  {
    name: 'wrong-organization',
    mistake: 'a batch is answered from the organization of its first question',
    edits: [
      {
        file: 'decide/decide-many.ts',
        find: 'if (graph === undefined || question.organizationId !== last) {',
        replace: 'if (graph === undefined) {',
      },
    ],
  },
  {
    name: 'neighbour-of-the-batch',
    mistake: 'a batch is answered in another order',
    edits: [
      {
        file: 'decide/decide-many.ts',
        find: 'decisions.push(',
        replace: 'decisions.unshift(',
      },
    ],
  },
  {
    name: 'descending-is-ascending',
    mistake: 'a list against the order of the ids goes the way of the ids',
    edits: [
      {
        file: 'lists/window.ts',
        find: "(before === undefined) === (order === 'asc') ?",
        replace: 'before === undefined ?',
      },
    ],
  },
  {
    name: 'begins-at-itself',
    mistake: 'what follows an item begins with that item',
    edits: [
      {
        file: 'lists/window.ts',
        find: "direction === 'forward' ? 'past' : 'before'",
        replace: "direction === 'forward' ? 'before' : 'past'",
      },
    ],
  },
]

/**
 * A file of the engine with its mistake in it.
 *
 * @throws when a text to replace is not there exactly once: the mutant has gone stale and proves nothing.
 */
export function mutate(mutant: Mutant, file: string, source: string): string {
  let mutated = source
  for (const { find, replace } of mutant.edits.filter((edit) => edit.file === file)) {
    const found = mutated.split(find).length - 1
    if (found !== 1) {
      throw new Error(
        `mutant ${mutant.name} is stale: \`${find}\` stands ${found} times in packages/engine/src/${file}; give test/mutants/mutants.ts a text that stands there once`,
      )
    }
    mutated = mutated.replace(find, () => replace)
  }
  return mutated
}
