import { execFileSync } from 'node:child_process'

/** How processes that talk to each other share the machine. */
export type Placement = 'apart' | 'together'

/**
 * Put this process on one core, and others on another one or beside it.
 *
 * Left to itself, the system puts two processes that wait for each other on one core or on two, and now and then moves
 * them. A request takes 40 µs there and 110 here, because a core that sleeps must be woken: what is compared would lie
 * on either side of that, as the day goes.
 *
 * @returns Whether they are there. Only Linux can be told, and only where there are two cores.
 */
export function place(pids: readonly number[], placement: Placement): boolean {
  try {
    pin(process.pid, 0)
    for (const pid of pids) pin(pid, placement === 'apart' ? 1 : 0)
    return true
  } catch {
    return false
  }
}

/** With all its threads. */
function pin(pid: number, core: number): void {
  execFileSync('taskset', ['--all-tasks', '--cpu-list', '--pid', String(core), String(pid)], {
    stdio: 'ignore',
  })
}
