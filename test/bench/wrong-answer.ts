/** What is measured does not do what it is measured for. Nothing but this makes the bench fail. */
export class WrongAnswer extends Error {
  override readonly name = 'WrongAnswer'
}
