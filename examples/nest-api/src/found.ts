import { NotFound } from '@bailiwick/nest'

/** @throws {NotFound} which reads to the client like a denial that is concealed. */
export function found<Value>(value: Value | undefined): Value {
  if (value === undefined) throw new NotFound()
  return value
}
