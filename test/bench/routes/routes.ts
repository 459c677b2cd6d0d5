import { atLeast, type Findings, type Goal } from '../goals.js'
import { type Companion, startCompanion } from '../http/processes.js'
import { type Platform, platforms } from './applications.js'
import { connections, measureBlock, type Taken, type Way } from './block.js'
import { type Kept, keptOf, reportKept } from './kept.js'

const [bare, guarded] = ['bare', 'guarded']
const [byToken, byEngine, byEach] = ['/projects', '/projects/web', '/projects/*']

/** What is compared closely runs in so many processes. A peer is told apart by one. */
const copies = 8

/** Guarded routes against the same routes bare and under other guards, over HTTP, each in a process of its own. */
export async function benchRoutes(): Promise<Findings> {
  const generator = await startCompanion<'ready'>('./load-generator.js')
  const goals: Goal[] = []
  try {
    for (const [name, platform] of Object.entries(platforms))
      goals.push(...(await benchPlatform(name, platform, generator)))
  } finally {
    await generator.end()
  }
  await reportAllocations()
  return { figures: {}, goals }
}

async function benchPlatform(
  name: string,
  { floors, peers }: Platform,
  generator: Companion<'ready'>,
): Promise<readonly Goal[]> {
  const close = [bare, ...Object.keys(floors), guarded].map(
    (way): Way => ({ name: way, paths: [byToken, byEngine, byEach] }),
  )
  const others = Object.keys(peers).map((way): Way => ({ name: way, paths: [byToken] }))
  const blocks: (readonly Taken[])[] = []
  for (let block = 0; block < copies; block++) {
    // Who is warmed first waits longest: each in turn.
    const inTurn = [...close.slice(block % close.length), ...close.slice(0, block % close.length)]
    blocks.push(await measureBlock(generator, name, block === 0 ? [...inTurn, ...others] : inTurn))
  }
  const [token, engine] = [keptOf(blocks, byToken, bare), keptOf(blocks, byEngine, bare)]
  const of = `${connections} connections, ${copies} processes`
  reportKept(`route: ${name}, GET with a warm token, ${of}`, token)
  reportKept(`route: ${name}, GET of one resource, decided by the engine, the same`, engine)
  reportKept(`route: ${name}, GET of 64 resources in turn, the same`, keptOf(blocks, byEach, bare))
  return [
    atLeast(0.95, keptBy(token), `${name}: a guarded route, decided by the token`, 'of the bare route'),
    atLeast(0.9, keptBy(engine), `${name}: a guarded route, decided by the engine`, 'of the bare route'),
  ]
}

function keptBy(figures: readonly Kept[]): number {
  return figures.find(({ name }) => name === guarded)?.share ?? Number.NaN
}

/** What the guard makes for a request: named, without a bound of its own. */
async function reportAllocations(): Promise<void> {
  // Nothing is collected while it is counted.
  const counting = ['--expose-gc', '--max-semi-space-size=512']
  const made = await startCompanion<Readonly<Record<string, number>>>(
    '../routes/allocations.js',
    [],
    counting,
  )
  await made.end()
  console.log('\nguard of Express alone, what a request makes for the collector')
  for (const [name, bytes] of Object.entries(made.ready))
    console.log(`  ${name.padEnd(46)} ${Math.round(bytes)} bytes`)
}
