import type { GroupId } from '@bailiwick/core'

/** Which ids an engine gave to the groups that worlds know by name. */
export class GroupIds {
  readonly #ids = new Map<string, GroupId>()

  /** @param known - The id under which the worlds know it. */
  made(known: GroupId, id: GroupId): void {
    this.#ids.set(known, id)
  }

  /** The same with every id of a group put in its place. */
  inPlace<Told>(told: Told): Told {
    if (typeof told === 'string') return (this.#ids.get(told) ?? told) as Told
    if (Array.isArray(told)) return told.map((each) => this.inPlace(each)) as Told
    if (typeof told !== 'object' || told === null) return told
    return Object.fromEntries(
      Object.entries(told).map(([name, value]) => [name, this.inPlace(value)]),
    ) as Told
  }

  /** `group/builders` */
  nameOf(id: string): string {
    const known = [...this.#ids].find(([, given]) => given === id)?.[0] ?? id
    return `group/${known.split('_').slice(2).join('_')}`
  }
}
