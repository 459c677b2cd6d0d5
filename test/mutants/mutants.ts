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
    name: 'wrong-organization',
    mistake: 'a batch is answered from the organization of its first question',
    edits: [
      {
        file: 'embedded-engine.ts',
        find: 'shards.get(question.organizationId) as OrganizationShard',
        replace: 'shards.values().next().value as OrganizationShard',
      },
    ],
  },
  {
    name: 'role-of-the-wrong-type',
    mistake: 'a role is given on a resource of another type than its own',
    edits: [
      {
        file: 'commands/assignments.ts',
        find: 'if (role.on !== resource.entity.type) throw',
        replace: 'if (role.on === "no type at all") throw',
      },
    ],
  },
  {
    name: 'permission-of-the-wrong-type',
    mistake: 'a permission is denied on resources of another type than its own, though a role above holds it',
    edits: [
      {
        file: 'decide/decide.ts',
        find: 'if (role?.permissions.has(permission)) {',
        replace:
          'if (role?.permissions.has(permission) && graph.environment.model.permission([...graph.environment.model.permissions.keys()][permission] as string).on === resource.entity.type) {',
      },
    ],
  },
  {
    name: 'ancestor-forgotten',
    mistake: 'the way up ends at the grandparent',
    edits: [
      {
        file: 'decide/decide.ts',
        find: 'node !== undefined; node = node.parent) {',
        replace: 'node !== undefined && node !== resource.parent?.parent?.parent; node = node.parent) {',
      },
    ],
  },
  {
    name: 'more-than-32-permissions',
    mistake: 'permission 33 shares its bit with permission 1',
    edits: [
      { file: 'environment/permission-set.ts', find: 'const word = member >>> 5', replace: 'const word = 0' },
      {
        file: 'environment/permission-set.ts',
        find: '((this.#words[member >>> 5] ?? 0) >>> (member & 31))',
        replace: '((this.#words[0] ?? 0) >>> (member & 31))',
      },
    ],
  },
  {
    name: 'old-parent-kept',
    mistake: 'a resource that moves stays where it was',
    edits: [
      {
        file: 'graph/organization-graph.ts',
        find: 'node.parent = known(this.#resources, entity.parentId)',
        replace: 'node.parent ??= known(this.#resources, entity.parentId)',
      },
    ],
  },
  {
    name: 'status-ignored',
    mistake: 'a membership that is pending is taken for an active one',
    edits: [
      {
        file: 'decide/decide.ts',
        find: "membership.entity.status !== 'active'",
        replace: "membership.entity.status === 'inactive'",
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
