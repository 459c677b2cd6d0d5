import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { atMost, type Findings, type Goal, reportGoals } from './goals.js'
import { sections } from './sections/all.js'
import { sizeNamed } from './workload/sizes.js'
import { WrongAnswer } from './wrong-answer.js'

const short = process.argv.includes('--short')
const effort = short ? { rounds: 9, ms: 70 } : { rounds: 25, ms: 400 }
const [only, within, here, size] = ['--only', '--within', '--section', '--size'].map(valueAfter)
/** How the process of a section ends that found a wrong answer. */
const wrongCode = 3

if (process.argv.includes('--help')) console.log(usage())
else if (here === undefined) await runAll(only?.split(','))
else await runHere(here, size ?? '')

function usage(): string {
  return `npm run bench -- [--short] [--only a,b] [--within seconds]

  --short    smaller, and fewer rounds
  --only     of ${sections.map(({ name }) => name).join(', ')}
  --within   begin nothing after so many seconds`
}

/**
 * Every section at every size, each in a process of its own, and the goals at the end. What a machine cannot do, or
 * not begin within so many seconds (`--within`), is left out and named: only a wrong answer makes the bench fail.
 */
async function runAll(names: readonly string[] | undefined): Promise<void> {
  console.log(
    `node ${process.version}, ${short ? 'short' : 'full'} run: ratios hold within it, times do not travel`,
  )
  const endsAt = performance.now() + Number(within ?? Number.POSITIVE_INFINITY) * 1_000
  const found: Findings[] = []
  const leftOut: string[] = []
  for (const section of sections) {
    if (names !== undefined && !names.includes(section.name)) continue
    for (const { name } of section.sizes[short ? 'short' : 'full']) {
      const outcome = await runApart(section.name, name, endsAt)
      if (typeof outcome === 'string') leftOut.push(`${section.name} at ${name}: ${outcome}`)
      else found.push(outcome)
    }
  }
  const figures = Object.assign({}, ...found.map((each) => each.figures)) as Findings['figures']
  reportGoals([...found.flatMap(({ goals }) => goals), ...growth(figures)])
  if (leftOut.length > 0) console.log(['\nleft out', ...leftOut.map((each) => `  ${each}`)].join('\n'))
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

/** What a section has found, or why it was left out. */
async function runApart(section: string, size: string, endsAt: number): Promise<Findings | string> {
  const more = short ? ['--short'] : []
  for (let attempt = 1; ; attempt++) {
    if (performance.now() > endsAt) return 'there was no time'
    const child = fork(fileURLToPath(import.meta.url), ['--section', section, '--size', size, ...more], {
      execArgv: ['--expose-gc', '--max-old-space-size=12288'],
    })
    const { findings, end } = await told(child)
    if (end === wrongCode) {
      process.exitCode = 1
      return 'a wrong answer'
    }
    if (findings !== undefined) return findings
    // V8 11.3 now and then ends a process in which peers answer, taking back what it had compiled.
    if (typeof end === 'number' || attempt === 3) return `ended by ${end}`
    console.log(`\n${section} at ${size} was ended by ${end}, and runs again`)
  }
}

/** What a section has found, if it came so far, and how its process ended. */
async function told(child: ChildProcess) {
  let findings: Findings | undefined
  child.once('message', (message) => {
    findings = message as Findings
  })
  const [code, signal] = (await once(child, 'exit')) as [number | null, NodeJS.Signals | null]
  return { findings, end: code ?? signal }
}

async function runHere(name: string, size: string): Promise<void> {
  const section = sections.find((each) => each.name === name)
  if (section === undefined) throw new Error(`there is no section ${name}`)
  try {
    process.send?.(await section.run(sizeNamed(size), effort))
  } catch (error) {
    if (!(error instanceof WrongAnswer)) throw error
    console.error(error)
    process.exit(wrongCode)
  }
  process.disconnect?.()
}

function valueAfter(flag: string): string | undefined {
  const at = process.argv.indexOf(flag)
  return at < 0 ? undefined : process.argv[at + 1]
}
