import { remoteEngine } from '@bailiwick/client'
import { isAuthorizationError } from '@bailiwick/core'
import { model, questionAbout } from './questions.js'

/** What became of the one check of an asker. */
export interface Told {
  /** The decision, or the code of an error. */
  readonly answer: string
  readonly message?: string
}

// One check by a process of its own: which authorities Node trusts is settled when it starts.
const engine = await remoteEngine({
  url: process.argv[2] as string,
  apiKey: 'sk_test',
  model,
  deadlineMs: 60_000,
})
const told: Told = await engine.check(questionAbout(1)).then(
  ({ kind }) => ({ answer: kind }),
  (error: unknown) => ({
    answer: isAuthorizationError(error) ? `${error.kind}: ${error.code}` : 'another error',
    message: String((error as Error).message),
  }),
)
process.stdout.write(JSON.stringify(told))
await engine.close()
