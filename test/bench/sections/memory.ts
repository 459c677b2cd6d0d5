import { FloorCsr } from '../floors/floor-csr.js'
import { FloorLists } from '../floors/floor-lists.js'
import { FloorPacked } from '../floors/floor-packed.js'
import { atMost, type Findings } from '../goals.js'
import { openOurs } from '../ours.js'
import { type Size, sizeS } from '../workload/sizes.js'
import { countAssignments, makeWorkload, type Workload } from '../workload/workload.js'

/** What a whole workload takes in memory: ours with every id and both directions of lists, and the floors. */
export async function runMemory(size: Size): Promise<Findings> {
  // Once at a small size first: the code itself, and what it makes once, is not part of the weight.
  for (const keep of [keepOurs, keepPacked, keepCsr]) await weigh(sizeS, keep)
  const ours = await weigh(size, keepOurs)
  const packed = await weigh(size, keepPacked)
  const csr = await weigh(size, keepCsr)
  console.log(`\nmemory at ${size.name}: bytes an assignment, every id and both directions of lists in it`)
  for (const [name, weight] of Object.entries({
    ours,
    'floor, ids as bytes': packed,
    'floor, ids in a Map': csr,
  }))
    console.log(`  ${name.padEnd(24)} ${shown(weight)}`)
  return {
    goals: [
      atMost(160, ours.heap + ours.outside, `${size.name}: memory of an assignment`, 'bytes'),
      atMost(40, ours.heap, `${size.name}: of them on the JavaScript heap`, 'bytes'),
    ],
    figures: {},
  }
}

/** Bytes an assignment. */
interface Weight {
  readonly heap: number
  /** Buffers and typed arrays. */
  readonly outside: number
  /** What the process has grown by: more than it holds, since freed pages come back late. */
  readonly resident: number
}

interface Kept {
  readonly close?: () => Promise<void>
}

async function weigh(size: Size, keep: (workload: Workload) => Promise<Kept>): Promise<Weight> {
  const before = weightNow()
  const { kept, assignments } = await build(size, keep)
  const after = weightNow()
  await kept.close?.()
  const each = (now: number, then: number) => (now - then) / assignments
  return {
    heap: each(after.heapUsed, before.heapUsed),
    outside: each(after.external, before.external),
    resident: each(after.rss, before.rss),
  }
}

// In a function of its own, so that the columns are gone when the weight is taken.
async function build(
  size: Size,
  keep: (workload: Workload) => Promise<Kept>,
): Promise<{ readonly kept: Kept; readonly assignments: number }> {
  const workload = makeWorkload(size)
  return { kept: await keep(workload), assignments: countAssignments(workload) }
}

async function keepOurs(workload: Workload): Promise<Kept> {
  const { letGo, close, engine } = await openOurs(workload)
  letGo()
  return { engine, close } as Kept
}

async function keepPacked(workload: Workload): Promise<Kept> {
  return { floor: new FloorPacked(workload), lists: new FloorLists(workload) } as Kept
}

async function keepCsr(workload: Workload): Promise<Kept> {
  return { floor: new FloorCsr(workload), lists: new FloorLists(workload) } as Kept
}

function weightNow(): NodeJS.MemoryUsage {
  for (let i = 0; i < 4; i++) globalThis.gc?.()
  return process.memoryUsage()
}

function shown({ heap, outside, resident }: Weight): string {
  const total = heap + outside
  return `${total.toFixed(1).padStart(7)}   ${heap.toFixed(1).padStart(6)} on the heap, ${outside.toFixed(1).padStart(6)} outside, ${resident.toFixed(1).padStart(6)} resident`
}
