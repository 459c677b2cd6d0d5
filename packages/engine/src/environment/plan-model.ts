import { Misconfigured, type Model, type ModelBlocker } from '@bailiwick/core'
import { ulidSource } from '../new-id.js'
import type { Store, StoreOpener } from '../store/store.js'
import { countManyRoled } from './count-many-roled.js'
import { countReach, type Reach, untouched } from './count-reach.js'
import { Environment } from './environment.js'
import { findBlockers } from './find-blockers.js'
import { loadRecords } from './load-records.js'
import { modelChanges } from './model-changes.js'
import { type Difference, modelSteps } from './model-steps.js'
import { storedModel } from './records.js'

/** One step from the stored model to another, and what it does to those who are there. */
export interface ModelStep extends Pick<Difference, 'op' | 'part' | 'slug' | 'summary'> {
  /** Through how many they may do more afterwards. */
  readonly gains: Reach
  /** Through how many they may do less. */
  readonly loses: Reach
  /**
   * - `refused`: something stored still needs what goes; see the plan's blockers.
   * - `revokes`: somebody loses access.
   * - `grants`: somebody gains access.
   * - `safe`: nobody's access changes.
   */
  readonly danger: 'refused' | 'revokes' | 'grants' | 'safe'
}

/** What opening the engine with another model would do. */
export interface ModelPlan {
  readonly steps: readonly ModelStep[]
  /** With these, opening throws `ModelChangeRefused` and changes nothing. Without any, it is one commit. */
  readonly blockers: readonly ModelBlocker[]
}

/**
 * What a model would change in a store: every step and whom it reaches. Nothing is changed; `openEngine` with the
 * model applies it. It reads whole kinds of entities over all organizations, so it takes its time on a large store.
 *
 * @param source - An opener, which is closed again; a store that is open; or the engine in this process.
 * @throws {Misconfigured} for an engine that is elsewhere.
 *
 * @example
 * const { steps, blockers } = await planModel(sqlite('authz.db'), model)
 */
export async function planModel(
  source: StoreOpener | Store | { planModel(next: Model): Promise<ModelPlan> },
  next: Model,
): Promise<ModelPlan> {
  if ('planModel' in source) return source.planModel(next)
  if (typeof source !== 'function') {
    if ('append' in source) return planStore(source, next)
    throw new Misconfigured(
      '`planModel` needs a store, or the engine that `openEngine` opened in this process',
    )
  }
  const store = await source()
  try {
    return await planStore(store, next)
  } finally {
    await store.close()
  }
}

/** The plan for a store that is open. */
export async function planStore(store: Store, next: Model): Promise<ModelPlan> {
  const { records } = await loadRecords(store)
  const current = storedModel(records)
  const blockers = await findBlockers(store, modelChanges(records, next, ulidSource(), '').removed, next)
  const differences = modelSteps(current, next)
  const reached = await countReach(store, records, differences)
  const shifts = differences.some((each) => shiftsWinners(each, current, next))
  const manyRoled = shifts ? await countManyRoled(store, new Environment(current, records)) : 0
  const steps = differences.map((difference, index) => {
    const { op, part, slug, summary } = difference
    const { gains, loses } = reached[index] ?? { gains: untouched, loses: untouched }
    const shifted = shiftsWinners(difference, current, next)
      ? winnersShift(next, manyRoled, slug)
      : { gains, loses }
    return { op, part, slug, summary, ...shifted, danger: dangerOf(difference, shifted, blockers) }
  })
  return { steps, blockers }
}

/** Whether a setting changes which of several organization-level roles counts. */
function shiftsWinners({ part, slug }: Difference, current: Model, next: Model): boolean {
  if (part !== 'setting') return false
  return (
    slug === 'roleMode' ||
    (slug === 'rolePriority' && current.roleMode === 'single' && next.roleMode === 'single')
  )
}

/** Only who has several organization-level roles is concerned: with another mode all, with another order at most all. */
function winnersShift(next: Model, memberships: number, slug: string): Pick<ModelStep, 'gains' | 'loses'> {
  const reach = { ...untouched, memberships }
  if (slug === 'rolePriority') return { gains: reach, loses: reach }
  return next.roleMode === 'single' ? { gains: untouched, loses: reach } : { gains: reach, loses: untouched }
}

function dangerOf(
  { op, part, slug }: Difference,
  { gains, loses }: Pick<ModelStep, 'gains' | 'loses'>,
  blockers: readonly ModelBlocker[],
): ModelStep['danger'] {
  if (op !== 'add' && blockers.some((blocker) => blocker.part === part && blocker.slug === slug))
    return 'refused'
  if (total(loses) > 0) return 'revokes'
  return total(gains) > 0 ? 'grants' : 'safe'
}

function total({ memberships, assignments, mappings, organizationRoles }: Reach): number {
  return memberships + assignments + mappings + organizationRoles
}
