/** How much longer one way takes than another, in microseconds: half of the differences lie between low and high. */
export interface Difference {
  readonly low: number
  readonly median: number
  readonly high: number
}

/**
 * Time single operations in turn, each beside one of the other, and take the median of the differences: where what both
 * have in common takes longer, and varies by more, than what is looked for, no two averages say it.
 *
 * @param input - Makes what one operation is given, of the same kind for both and never seen before. It is not timed.
 */
export async function measureDifference<Input>(
  base: (input: Input) => Promise<unknown>,
  other: (input: Input) => Promise<unknown>,
  input: (index: number) => Input,
  pairs: number,
): Promise<Difference> {
  const differences: number[] = []
  for (let pair = -500; pair < pairs; pair++) {
    const [one, two] = [input(2 * pair + 1_000), input(2 * pair + 1_001)]
    // Each goes first as often as the other: what is done first finds another state of the processor.
    const first = pair % 2 === 0 ? await timed(base, one) : await timed(other, one)
    const second = pair % 2 === 0 ? await timed(other, two) : await timed(base, two)
    if (pair >= 0) differences.push(pair % 2 === 0 ? second - first : first - second)
  }
  differences.sort((one, two) => one - two)
  const at = (share: number) => differences[Math.floor(differences.length * share)] ?? Number.NaN
  return { low: at(0.25), median: at(0.5), high: at(0.75) }
}

/** Microseconds. */
async function timed<Input>(run: (input: Input) => Promise<unknown>, input: Input): Promise<number> {
  const start = performance.now()
  await run(input)
  return (performance.now() - start) * 1_000
}
