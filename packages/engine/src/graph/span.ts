/** Where a text stands in bytes. One serves for many, one after the other. */
export class Span {
  from = 0
  to = 0

  set(from: number, to: number): void {
    this.from = from
    this.to = to
  }
}
