import {
  type AllRequirement,
  type AnyRequirement,
  type ArgumentsOf,
  authenticated,
  checkAgainstModel,
  type PermissionOptions,
  placeOperation,
  type Requirement,
  requirementOf,
} from '@bailiwick/client'
import { type Meant, Misconfigured, type Model, type Permission, type StepUp } from '@bailiwick/core'

/** What each tool demands, by its name. A tool that is not named is not there for anybody. */
export type ToolRequirements = Readonly<Record<string, Requirement>>

/**
 * A tool for whoever holds a permission: on the resource that an argument names, or on the whole organization.
 *
 * @throws {Misconfigured} for an empty requirement, at once.
 *
 * @example
 * { 'rename-project': requirePermission('project:edit', { resource: arg('projectId') }) }
 */
export function requirePermission<const Term extends string | AnyRequirement | AllRequirement>(
  term: Meant<Term>,
  ...options: Term extends Permission ? ArgumentsOf<Term> : [options?: PermissionOptions]
): Requirement {
  const [given] = options as [PermissionOptions?]
  return requirementOf(term, given)
}

/** A tool for everybody with a session. @throws {Misconfigured} for a `stepUp` that demands nothing. */
export function requireSession(options: { readonly stepUp?: StepUp } = {}): Requirement {
  return authenticated(options)
}

/**
 * Hold the demands of all tools against the model, at start.
 *
 * @throws {Misconfigured} naming the tool and what to add; {PermissionUnknown} with the slug that was meant.
 */
export function placeTools(tools: ToolRequirements, model: Model): ReadonlyMap<string, Requirement> {
  return new Map(
    Object.entries(tools).map(([name, requirement]) => {
      if (requirement.kind === 'public') {
        throw new Misconfigured(`the tool \`${name}\` is open to anybody: say \`requireSession()\` at least`)
      }
      checkAgainstModel(requirement, model)
      return [name, placeOperation(requirement, name, model)]
    }),
  )
}

/** What is said of a tool that a server has and its guard does not know. */
export function unnamed(tool: string): string {
  return (
    `the tool \`${tool}\` is not named to the guard, so nobody sees or calls it: add ` +
    `\`${JSON.stringify(tool)}: requirePermission(…)\`, or \`requireSession()\` if everybody with a session may`
  )
}
