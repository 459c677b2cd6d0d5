/** When one way to find a list gives way to another. Figures of cost: no answer depends on them. */
export interface Effort {
  /** Steps of the first turn of each way; every further turn has twice as many. */
  readonly firstTurn: number
  /** Past so many children, one parent's are put in order rather than looked through for every page. */
  readonly crowd: number
  /** Past so many assignments of one subject and its groups, it is asked about each resource instead. */
  readonly assignments: number
}

/** Measured: a turn of a thousand steps takes some ten microseconds, and most lists end within it. */
export const usualEffort: Effort = { firstTurn: 1_024, crowd: 512, assignments: 16_384 }
