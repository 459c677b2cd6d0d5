import { assertNever, type Meant, Misconfigured, type Permission, type StepUp } from '@bailiwick/core'
import { isLocator, type Locator, shownLocator } from './locator.js'
import type { OptionsOf, PermissionFlags, PermissionOptions } from './permission-options.js'
import { checkStepUp } from './step-up.js'

/** One permission, and on what it is asked: the resource that a locator finds, or the whole organization. */
export interface PermissionRequirement extends PermissionFlags {
  readonly kind: 'permission'
  readonly permission: Permission
  /** Neither this nor `scope` while nobody has said it; the route then decides (see `placeRequirement`). */
  readonly resource?: Locator<never>
  readonly scope?: 'organization'
}

/** At least one of several. */
export interface AnyRequirement {
  readonly kind: 'any'
  readonly of: readonly [PermissionTerm, ...PermissionTerm[]]
}

/** Every one of several. */
export interface AllRequirement {
  readonly kind: 'all'
  readonly of: readonly [PermissionTerm, ...PermissionTerm[]]
}

/** What `any` and `all` are made of, and so what a permission guard demands. */
export type PermissionTerm = PermissionRequirement | AnyRequirement | AllRequirement

/** What a route demands before its handler runs: plain data, so that it can be listed and checked at start. */
export type Requirement =
  | PermissionTerm
  /** A valid session, whatever it may do. */
  | { readonly kind: 'authenticated'; readonly stepUp?: StepUp }
  /** Nothing, said aloud. */
  | { readonly kind: 'public' }

/** A term as it is written: a slug alone takes the options that stand beside the whole. */
export type WrittenTerm = string | PermissionTerm

/** Several terms as they are written, at least one. */
export type WrittenTerms = readonly [WrittenTerm, ...WrittenTerm[]]

/** The same as the registered model has them: `Meant` for each. */
export type MeantTerms<Terms extends WrittenTerms> = { readonly [At in keyof Terms]: Meant<Terms[At]> }

/** What a session guard demands. @throws {Misconfigured} for a `stepUp` that demands nothing. */
export function authenticated({ stepUp }: { readonly stepUp?: StepUp } = {}): Requirement {
  if (stepUp === undefined) return { kind: 'authenticated' }
  checkStepUp(stepUp)
  return { kind: 'authenticated', stepUp }
}

/**
 * One term of `any` or `all` with options of its own.
 *
 * @example
 * any('project:edit', permission('workspace:manage', { resource: param('workspaceId') }))
 */
export function permission<const Slug extends string, Native = never>(
  slug: Meant<Slug>,
  options: OptionsOf<Slug, Native> = {},
): PermissionRequirement {
  checkOptions(options)
  return { ...options, kind: 'permission', permission: slug as Permission }
}

/**
 * Allowed when at least one term is.
 *
 * @throws {Misconfigured} without a term: nothing would be demanded.
 */
export function any<const Terms extends WrittenTerms>(...terms: MeantTerms<Terms>): AnyRequirement {
  return { kind: 'any', of: readTerms('any', terms) }
}

/**
 * Allowed when every term is.
 *
 * @throws {Misconfigured} without a term: nothing would be demanded.
 */
export function all<const Terms extends WrittenTerms>(...terms: MeantTerms<Terms>): AllRequirement {
  return { kind: 'all', of: readTerms('all', terms) }
}

/** A requirement as written, with the options that stand beside it filled into the terms that have none. */
export function requirementOf<Native>(
  written: WrittenTerm,
  options: PermissionOptions<Native> = {},
): PermissionTerm {
  checkOptions(options)
  const { resource, scope, ...flags } = options
  const placement = { ...(resource && { resource }), ...(scope && { scope }) }
  return mapPermissions(readTerm(written), (term) => ({
    ...flags,
    ...(isPlaced(term) ? {} : placement),
    ...term,
  }))
}

/** The permissions that a requirement asks, in the order in which they are written. */
export function permissionsOf(requirement: Requirement): readonly PermissionRequirement[] {
  switch (requirement.kind) {
    case 'permission':
      return [requirement]
    case 'any':
    case 'all':
      return requirement.of.flatMap(permissionsOf)
    case 'authenticated':
    case 'public':
      return []
    default:
      return assertNever(requirement)
  }
}

/** A requirement as messages and route tables show it. */
export function shownRequirement(requirement: Requirement): string {
  switch (requirement.kind) {
    case 'permission':
      return requirement.resource === undefined
        ? `${requirement.permission} on the organization`
        : `${requirement.permission} on ${shownLocator(requirement.resource)}`
    case 'any':
      return `any of (${requirement.of.map(shownRequirement).join(', ')})`
    case 'all':
      return `all of (${requirement.of.map(shownRequirement).join(', ')})`
    case 'authenticated':
      return 'a session'
    case 'public':
      return 'public'
    default:
      return assertNever(requirement)
  }
}

/** Whether a locator or `scope` says on what a permission is asked. */
export function isPlaced(requirement: PermissionRequirement): boolean {
  return requirement.resource !== undefined || requirement.scope !== undefined
}

/** The same requirement with every permission mapped. */
export function mapPermissions(
  term: PermissionTerm,
  map: (requirement: PermissionRequirement) => PermissionRequirement,
): PermissionTerm {
  if (term.kind === 'permission') return map(term)
  return { kind: term.kind, of: mapNonEmpty(term.of, (inner) => mapPermissions(inner, map)) }
}

// Said again at run time: not everybody compiles with a model registered, or compiles at all.
function checkOptions<Native>({ resource, scope, stepUp }: PermissionOptions<Native>): void {
  if (stepUp !== undefined) checkStepUp(stepUp)
  if (resource !== undefined && scope !== undefined) {
    throw new Misconfigured('a permission is asked on one thing: give `resource` or `scope`, not both')
  }
  if (resource !== undefined && !isLocator(resource)) {
    throw new Misconfigured("`resource` takes a locator, such as `param('id')`, or a function")
  }
  if (scope !== undefined && scope !== 'organization') {
    throw new Misconfigured("`scope` is `'organization'` or is not said; one resource is named by `resource`")
  }
}

function readTerms(
  name: 'any' | 'all',
  terms: readonly unknown[],
): readonly [PermissionTerm, ...PermissionTerm[]] {
  const [first, ...rest] = terms
  if (first === undefined) {
    throw new Misconfigured(`\`${name}()\` needs at least one permission: an empty list would demand nothing`)
  }
  return [readTerm(first), ...rest.map(readTerm)]
}

/** Types are no proof: a term built at run time may be anything, and an empty one demands nothing. */
function readTerm(written: unknown): PermissionTerm {
  if (typeof written === 'string' && written !== '') return permission(written as Permission)
  if (typeof written === 'object' && written !== null) {
    const { kind, permission: slug, of } = written as Readonly<Record<string, unknown>>
    if (kind === 'permission' && typeof slug === 'string' && slug !== '')
      return written as PermissionRequirement
    if ((kind === 'any' || kind === 'all') && Array.isArray(of)) return { kind, of: readTerms(kind, of) }
  }
  throw new Misconfigured('a guard needs a permission: it is empty')
}

function mapNonEmpty<From, To>(
  [first, ...rest]: readonly [From, ...From[]],
  map: (value: From) => To,
): readonly [To, ...To[]] {
  return [map(first), ...rest.map(map)]
}
