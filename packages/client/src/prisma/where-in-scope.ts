import { Misconfigured, type Scope } from '@bailiwick/core'
import type { ScopeColumns } from '../scope/columns.js'
import { conditionOf } from '../scope/condition.js'

/** A `where` as far as it is used here. */
export interface ScopeWhere {
  readonly AND: readonly Readonly<Record<string, unknown>>[]
}

/**
 * The `where` under which a record is in a scope, for Prisma. Fields are named as in the schema: one that may be
 * null has a `?` behind its name, because Prisma leaves such records out of `notIn` and refuses to ask a required
 * field for null. Fields must compare byte by byte: not so in MySQL, unless the column is told to.
 *
 * @throws {Misconfigured} when the scope needs to know what no field tells, naming the line to add.
 *
 * @example
 * const scope = await authz.scopeFor(session, 'project:view', 'project')
 * const inScope = whereInScope<Prisma.ProjectWhereInput>(scope, {
 *   organization: 'organizationId',
 *   project: 'id',
 *   workspace: 'workspaceId?',
 * })
 * await prisma.project.findMany({ where: { AND: [inScope, { archived: false }] } })
 */
export function whereInScope<Where = ScopeWhere>(scope: Scope, columns: ScopeColumns<string>): Where {
  return whereOf(scope, columns) as Where
}

function whereOf(scope: Scope, columns: ScopeColumns<string>): ScopeWhere {
  const condition = conditionOf(scope, columns)
  // Not an empty OR, which holds for nothing when it stands alone, and is left out within an AND (Prisma 7.10).
  if (condition.kind === 'nothing') return { AND: [{ [fieldOf(condition.column).name]: { in: [] } }] }
  const { organization, within, except } = condition
  return {
    AND: [
      { [fieldOf(organization.column).name]: organization.value },
      ...(within === 'everything'
        ? []
        : [
            { OR: within.map(({ column, values }) => ({ [fieldOf(column).name]: { in: values } })) },
            unsplit(organization.column),
          ]),
      ...except.map(({ column, values }) => {
        const { name, isOptional } = fieldOf(column)
        const others = { [name]: { notIn: values } }
        return isOptional ? { OR: [{ [name]: null }, others] } : others
      }),
    ],
  }
}

/**
 * True of every record. Prisma makes several queries of one that has more values than a database takes, and tells a
 * record once for each that finds it; not where `notIn` stands in it: then it is an error, P2029 (Prisma 7.10).
 */
function unsplit(column: string): Readonly<Record<string, unknown>> {
  return { [fieldOf(column).name]: { notIn: [] } }
}

function fieldOf(column: string): { readonly name: string; readonly isOptional: boolean } {
  const [, name, optional] = /^([A-Za-z]\w*)(\?)?$/.exec(column) ?? []
  if (name === undefined)
    throw new Misconfigured(
      `\`${column}\` is no field: name one of the model itself, such as \`workspaceId\` or \`workspaceId?\``,
    )
  return { name, isOptional: optional !== undefined }
}
