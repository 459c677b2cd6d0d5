/** What one section has found, passed between processes. */
export interface Findings {
  readonly goals: readonly Goal[]
  /** Figures by name, for goals that compare sizes. */
  readonly figures: Readonly<Record<string, number>>
}

/** A goal with the figure that was reached. */
export interface Goal {
  readonly goal: string
  readonly figure: string
  readonly met: boolean
}

/** A goal of at most so much. @param unit - Stands behind both figures: `× the floor`, `bytes`. */
export function atMost(bound: number, figure: number, what: string, unit: string): Goal {
  return {
    goal: `${what} ≤ ${shown(bound)} ${unit}`,
    figure: `${shown(figure)} ${unit}`,
    met: figure <= bound,
  }
}

/** A goal of at least so much. */
export function atLeast(bound: number, figure: number, what: string, unit: string): Goal {
  return {
    goal: `${what} ≥ ${shown(bound)} ${unit}`,
    figure: `${shown(figure)} ${unit}`,
    met: figure >= bound,
  }
}

/** Print every goal with its figure. Figures are told, never asserted: machines differ and are shared. */
export function reportGoals(goals: readonly Goal[]): void {
  console.log('\ngoals')
  for (const { goal, figure, met } of goals)
    console.log(`  ${met ? 'met   ' : 'MISSED'}  ${goal.padEnd(88)} ${figure}`)
}

function shown(figure: number): string {
  return figure >= 100 ? Math.round(figure).toLocaleString('en') : figure.toFixed(2)
}
