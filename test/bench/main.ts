import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { atMost, type Findings, type Goal, reportGoals } from './goals.js'
import { sections } from './sections/all.js'
import { sizeNamed } from './workload/sizes.js'

const short = process.argv.includes('--short')
const effort = short ? { rounds: 9, ms: 70 } : { rounds: 25, ms: 400 }
const [only, here, size] = ['--only', '--section', '--size'].map(valueAfter)

if (here === undefined) await runAll(only?.split(','))
else await runHere(here, size ?? '')

/** Every section at every size, each in a process of its own, and the goals at the end. */
async function runAll(names: readonly string[] | undefined): Promise<void> {
  console.log(
    `node ${process.version}, ${short ? 'short' : 'full'} run: ratios hold within it, times do not travel`,
  )
  const found: Findings[] = []
  for (const section of sections) {
    if (names !== undefined && !names.includes(section.name)) continue
    for (const { name } of section.sizes[short ? 'short' : 'full'])
      found.push(await runApart(section.name, name))
  }
  const figures = Object.assign({}, ...found.map((each) => each.figures)) as Findings['figures']
  reportGoals([...found.flatMap(({ goals }) => goals), ...growth(figures)])
}

/** What the ids cost more as everything grows, against what they cost the floor. */
function growth(figures: Findings['figures']): readonly Goal[] {
  const [from, to] = ['S', short ? 'M/10' : 'L']
  const grown = (name: string) =>
    (figures[`check.${to}.${name}`] ?? Number.NaN) / (figures[`check.${from}.${name}`] ?? Number.NaN)
  if (Number.isNaN(grown('ours'))) return []
  return [
    atMost(1, grown('ours') / grown('floor'), `growth of a check from ${from} to ${to}`, "× the floor's"),
  ]
}

async function runApart(section: string, size: string): Promise<Findings> {
  const more = short ? ['--short'] : []
  for (let attempt = 1; ; attempt++) {
    const child = fork(fileURLToPath(import.meta.url), ['--section', section, '--size', size, ...more], {
      execArgv: ['--expose-gc', '--max-old-space-size=12288'],
    })
    try {
      return await told(child)
    } catch (error) {
      // V8 11.3 now and then ends a process in which peers answer, taking back what it had compiled.
      if (child.signalCode === null || attempt === 3) throw error
      console.log(`\n${section} at ${size} was ended by ${child.signalCode}, and runs again`)
    }
  }
}

async function told(child: ChildProcess): Promise<Findings> {
  const [findings] = (await Promise.race([
    once(child, 'message'),
    once(child, 'exit').then(([code]) => {
      throw new Error(`a section ended with code ${code}`)
    }),
  ])) as [Findings]
  await once(child, 'exit')
  return findings
}

async function runHere(name: string, size: string): Promise<void> {
  const section = sections.find((each) => each.name === name)
  if (section === undefined) throw new Error(`there is no section ${name}`)
  const findings = await section.run(sizeNamed(size), effort)
  process.send?.(findings)
  process.disconnect?.()
}

function valueAfter(flag: string): string | undefined {
  const at = process.argv.indexOf(flag)
  return at < 0 ? undefined : process.argv[at + 1]
}
