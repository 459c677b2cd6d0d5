import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Authorizer, type DecisionRecord } from '@bailiwick/client'
import type { Model } from '@bailiwick/core'

/** What tests have seen of the permissions of a model. Slugs, sorted. */
export interface PermissionCoverage {
  /** Nobody has asked for them. */
  readonly neverAsked: readonly string[]
  /** Nobody was ever refused: a guard that lets everybody pass would look the same. */
  readonly onlyAllowed: readonly string[]
  readonly onlyDenied: readonly string[]
  readonly both: readonly string[]
}

interface Seen {
  readonly allowed: Set<string>
  readonly denied: Set<string>
}

let seen: Seen | undefined

/**
 * Write down, when this process ends, which permissions the engines of its tests have allowed and denied, guards
 * included. For a set-up file of the test runner: each of its processes writes a file of its own.
 *
 * @example
 * recordCoverage('coverage/permissions')
 */
export function recordCoverage(folder: string): void {
  if (seen !== undefined) return
  const recording: Seen = { allowed: new Set(), denied: new Set() }
  seen = recording
  process.once('exit', () => {
    mkdirSync(folder, { recursive: true })
    const { allowed, denied } = recording
    const file = join(folder, `${process.pid}-${Date.now()}.json`)
    writeFileSync(file, JSON.stringify({ allowed: [...allowed], denied: [...denied] }))
  })
}

/** Have the decisions of an authorizer counted, if anybody counts. Those of `testEngine` are. */
export function countDecisions(authorizer: Authorizer): void {
  if (seen === undefined) return
  const { allowed, denied } = seen
  authorizer.onDecision(({ permission, outcome }: DecisionRecord) => {
    if (outcome.kind === 'decided') (outcome.decision.kind === 'allow' ? allowed : denied).add(permission)
  })
}

/**
 * What all processes have written down. Remove the folder before a run: what an earlier one saw counts as well.
 *
 * @throws {Error} when there is no such folder.
 */
export function readCoverage(folder: string, model: Model): PermissionCoverage {
  const allowed = new Set<string>()
  const denied = new Set<string>()
  for (const file of readdirSync(folder).filter((name) => name.endsWith('.json'))) {
    const written = JSON.parse(readFileSync(join(folder, file), 'utf8')) as Record<
      keyof Seen,
      readonly string[]
    >
    for (const slug of written.allowed) allowed.add(slug)
    for (const slug of written.denied) denied.add(slug)
  }
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
