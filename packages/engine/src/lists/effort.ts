/** When one way to find a list gives way to another. Figures of cost: no answer depends on them. */
export interface Effort {
  /** Steps of the first turn of each way; every further turn has twice as many. */
  readonly firstTurn: number
  /** How many turns to wait before anything is put in order. */
  readonly patience: number
  /** Past so many steps, what lies below one resource is then put in order rather than looked through every time. */
  readonly crowd: number
  /** Past so many assignments of one subject and its groups, it is asked about each resource instead. */
  readonly assignments: number
}

/** Measured: a turn of a thousand steps takes some ten microseconds, and most lists end within it. */
export const usualEffort: Effort = { firstTurn: 1_024, patience: 1, crowd: 512, assignments: 16_384 }
