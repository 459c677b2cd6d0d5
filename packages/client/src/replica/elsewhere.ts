import { isAuthorizationError } from '@bailiwick/core'

/** The answer from here; from elsewhere when nobody here can tell. */
export function hereOrElsewhere<Answer>(here: Promise<Answer>, ask: () => Promise<Answer>): Promise<Answer> {
  return here.catch((error: unknown) => (isAnswer(error) ? Promise.reject(error) : ask()))
}

/** As `hereOrElsewhere`, and from elsewhere as well when it takes longer than this here. */
export function inTimeOrElsewhere<Answer>(
  here: Promise<Answer>,
  ask: () => Promise<Answer>,
  patienceMs: number,
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    let isAsked = false
    const askOnce = () => {
      if (isAsked) return
      isAsked = true
      ask().then(resolve, reject)
    }
    const timer = setTimeout(askOnce, patienceMs)
    here.then(
      (answer) => {
        clearTimeout(timer)
        resolve(answer)
      },
      (error: unknown) => {
        clearTimeout(timer)
        if (isAnswer(error)) reject(error)
        else askOnce()
      },
    )
  })
}

/** The answer, or the other one when there is none and another can be had; else why there is none. */
export function orElse<Answer>(
  answer: Promise<Answer>,
  other: () => Promise<Answer> | undefined,
): Promise<Answer> {
  return answer.catch((error: unknown) => (isAnswer(error) ? undefined : other()) ?? Promise.reject(error))
}

/** What `decide` says at once, `undefined` where it cannot or what it has does not fit. @throws a refusal. */
export function atOnce<Answer>(decide: () => Answer | undefined): Answer | undefined {
  try {
    return decide()
  } catch (error) {
    if (isAnswer(error)) throw error
    return undefined
  }
}

/** A refusal is an answer. That something has not come, or does not fit, says only that the server must be asked. */
function isAnswer(error: unknown): boolean {
  return isAuthorizationError(error) && error.kind !== 'unavailable'
}
