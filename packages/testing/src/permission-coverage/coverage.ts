import { randomUUID } from 'node:crypto'
import { appendFileSync, mkdirSync, readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { type AuthorizeOptions, Authorizer, type AuthorizerOptions } from '@bailiwick/client'
import type { Meant, MeantType, Model, Scope, Session } from '@bailiwick/core'

/** What tests have seen of the permissions of a model. Slugs, sorted. */
export interface PermissionCoverage {
  /** Nobody has asked for them. */
  readonly neverAsked: readonly string[]
  /** Nobody was ever refused: a guard that lets everybody pass would look the same. */
  readonly onlyAllowed: readonly string[]
  readonly onlyDenied: readonly string[]
  readonly both: readonly string[]
}

type Outcome = 'allowed' | 'denied'

interface Seen {
  readonly permission: string
  readonly outcome: Outcome
}

let record: ((seen: Seen) => void) | undefined

/**
 * Write down which permissions are allowed and denied by the engines of the tests in this process, to guards, to
 * handlers, `has` and lists included. For a set-up
 * file of the test runner: each process, or each test file where the runner keeps them apart, writes a file of its own.
 *
 * @example
 * recordCoverage('coverage/permissions')
 */
export function recordCoverage(folder: string): void {
  if (record !== undefined) return
  const file = join(resolve(folder), `${randomUUID()}.jsonl`)
  const known = new Set<string>()
  mkdirSync(folder, { recursive: true })
  record = ({ permission, outcome }) => {
    const line = `${JSON.stringify({ permission, outcome })}\n`
    if (known.has(line)) return
    known.add(line)
    // At once, and each thing once: runners end their processes without telling them.
    appendFileSync(file, line)
  }
}

/** An authorizer whose answers are counted, if anybody counts. That of `testEngine` is. */
export function countedAuthorizer(options: AuthorizerOptions): Authorizer {
  return record === undefined ? new Authorizer(options) : new CountedAuthorizer(options, record)
}

class CountedAuthorizer extends Authorizer {
  constructor(
    options: AuthorizerOptions,
    private readonly write: (seen: Seen) => void,
  ) {
    super(options)
    this.onDecision(({ permission, outcome }) => {
      if (outcome.kind === 'decided')
        write({ permission, outcome: outcomeOf(outcome.decision.kind === 'allow') })
    })
  }

  // Neither is a decision about one resource, and a menu or a list may be all that a permission is for.

  override has<const Slug extends string>(session: Session, permission: Meant<Slug>): boolean {
    const isHeld = super.has<Slug>(session, permission)
    this.write({ permission, outcome: outcomeOf(isHeld) })
    return isHeld
  }

  override async scopeFor<const Slug extends string, const Type extends string>(
    session: Session,
    permission: Meant<Slug>,
    type: MeantType<Type>,
    options: Omit<AuthorizeOptions, 'tenantScoped'> = {},
  ): Promise<Scope> {
    const scope = await super.scopeFor<Slug, Type>(session, permission, type, options)
    this.write({ permission, outcome: outcomeOf(scope.kind !== 'none') })
    return scope
  }
}

function outcomeOf(isAllowed: boolean): Outcome {
  return isAllowed ? 'allowed' : 'denied'
}

/**
 * What all processes have written down. Remove the folder before a run: what an earlier one saw counts as well.
 *
 * @throws {Error} when there is no such folder.
 */
export function readCoverage(folder: string, model: Model): PermissionCoverage {
  const seen = { allowed: new Set<string>(), denied: new Set<string>() }
  for (const file of readdirSync(folder).filter((name) => name.endsWith('.jsonl'))) {
    for (const line of readFileSync(join(folder, file), 'utf8').split('\n').slice(0, -1)) {
      const { permission, outcome } = JSON.parse(line) as Seen
      seen[outcome].add(permission)
    }
  }
  const { allowed, denied } = seen
  const slugs = [...model.permissions.keys()].sort()
  return {
    neverAsked: slugs.filter((slug) => !allowed.has(slug) && !denied.has(slug)),
    onlyAllowed: slugs.filter((slug) => allowed.has(slug) && !denied.has(slug)),
    onlyDenied: slugs.filter((slug) => !allowed.has(slug) && denied.has(slug)),
    both: slugs.filter((slug) => allowed.has(slug) && denied.has(slug)),
  }
}

/** A coverage as lines for people: what is missing, and how much is not. */
export function formatCoverage({ neverAsked, onlyAllowed, onlyDenied, both }: PermissionCoverage): string {
  const all = neverAsked.length + onlyAllowed.length + onlyDenied.length + both.length
  return [
    `${both.length} of ${all} permissions were both allowed and denied`,
    ...missing('never asked', neverAsked),
    ...missing('never denied', onlyAllowed),
    ...missing('never allowed', onlyDenied),
  ].join('\n')
}

function missing(what: string, slugs: readonly string[]): readonly string[] {
  return slugs.length === 0 ? [] : [`${what}: ${slugs.join(', ')}`]
}
