/**
 * Make the compiler prove that a `switch` names every case.
 *
 * @throws {Error} when a value arrives that the types did not allow: a bug, never bad input.
 */
export function assertNever(value: never): never {
  throw new Error(`unexpected value ${JSON.stringify(value)}`)
}
