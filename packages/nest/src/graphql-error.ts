import type { ProblemOptions } from '@bailiwick/client'
import type { ArgumentsHost } from '@nestjs/common'
import { problemIn } from './problem-in.js'

/** The codes that clients of GraphQL know, those of Apollo. */
const graphqlCodes: Readonly<Record<number, string>> = {
  400: 'BAD_USER_INPUT',
  401: 'UNAUTHENTICATED',
  403: 'FORBIDDEN',
  404: 'NOT_FOUND',
  503: 'SERVICE_UNAVAILABLE',
}

/** What a client of GraphQL is told: servers take over what an error is extended with. */
export async function graphqlErrorOf(
  error: unknown,
  host: ArgumentsHost,
  options?: ProblemOptions,
): Promise<unknown> {
  const problem = await problemIn(error, host, options)
  if (problem === undefined) return error
  const { detail, ...extensions } = problem.body
  const code = graphqlCodes[problem.status] ?? problem.body.code.toUpperCase()
  return Object.assign(new Error(detail), { extensions: { ...extensions, reason: problem.body.code, code } })
}
