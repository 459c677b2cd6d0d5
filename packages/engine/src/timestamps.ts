/**
 * The time as a text: ISO 8601 with milliseconds and `Z`. What stands before the milliseconds is made once a second,
 * for `toISOString` asks for the local time zone as well, which takes a write some microseconds.
 */
export function timestamps(clock: () => number): () => string {
  let second = Number.NaN
  let upToSecond = ''
  return () => {
    const time = Math.trunc(clock())
    const now = Math.floor(time / 1_000)
    if (now !== second) upToSecond = new Date(now * 1_000).toISOString().slice(0, -'000Z'.length)
    second = now
    return `${upToSecond}${threeDigits(time - now * 1_000)}Z`
  }
}

function threeDigits(number: number): string {
  return number < 10 ? `00${number}` : number < 100 ? `0${number}` : `${number}`
}
