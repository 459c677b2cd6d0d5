import type { DiskEvent } from './watched-disk.js'

type Write = Extract<DiskEvent<never>, { readonly kind: 'write' | 'cut' }>

/** What a disk writes whole or not at all. */
const sectorBytes = 512

/** How much of what was not flushed reached the disk. */
type Fate = 'nothing' | 'everything' | 'whole writes, some of them' | 'sectors, some of them'

const fates: readonly Fate[] = [
  'nothing',
  'everything',
  'whole writes, some of them',
  'sectors, some of them',
  'sectors, some of them',
]

interface File {
  durable: Buffer
  unflushed: Write[]
}

/**
 * Files as a loss of power leaves them: what was flushed is there, and of what was written since any part may be, in
 * any order. A file that was removed may be there again until anything is flushed, as on a file system with a journal.
 */
export class LostPower {
  readonly #files = new Map<string, File>()
  readonly #removed = new Map<string, File>()

  /** @param before - Files as they are when watching begins. */
  constructor(before: ReadonlyMap<string, Buffer>) {
    for (const [path, bytes] of before) this.#files.set(path, { durable: bytes, unflushed: [] })
  }

  /** Go on by one event. */
  follow(event: DiskEvent<unknown>): void {
    if (event.kind === 'flush') this.#removed.clear()
    if (event.kind === 'remove') this.#remove(event.path)
    else if (event.kind !== 'note') this.#change(event)
  }

  #change(event: Exclude<DiskEvent<never>, { readonly kind: 'note' | 'remove' }>): void {
    // A folder, of which the names are flushed.
    if (event.kind === 'flush' && !this.#files.has(event.path)) return
    const file = this.#files.get(event.path) ?? { durable: Buffer.alloc(0), unflushed: [] }
    this.#files.set(event.path, file)
    if (event.kind === 'write' && event.isCertain === true) file.durable = applied(file.durable, event)
    else if (event.kind !== 'flush') file.unflushed.push(event)
    else {
      file.durable = file.unflushed.reduce(applied, file.durable)
      file.unflushed = []
    }
  }

  /** The files after a loss of power now. */
  image(random: (below: number) => number): ReadonlyMap<string, Buffer> {
    const removed = [...this.#removed].filter(() => random(2) === 0)
    return new Map(
      [...removed, ...this.#files].map(([path, { durable, unflushed }]) => {
        const fate = fates[random(fates.length)] as Fate
        return [path, survivors(unflushed, fate, random).reduce(applied, Buffer.from(durable))]
      }),
    )
  }

  #remove(path: string): void {
    const file = this.#files.get(path)
    if (file === undefined) return
    this.#files.delete(path)
    this.#removed.set(path, file)
  }
}

function survivors(
  writes: readonly Write[],
  fate: Fate,
  random: (below: number) => number,
): readonly Write[] {
  switch (fate) {
    case 'nothing':
      return []
    case 'everything':
      return writes
    case 'whole writes, some of them':
      return writes.filter(() => random(2) === 0)
    case 'sectors, some of them':
      return shuffled(
        writes
          .flatMap((write) => (write.kind === 'write' ? sectorsOf(write) : [write]))
          .filter(() => random(2) === 0),
        random,
      )
  }
}

function sectorsOf({ path, at, bytes }: Extract<Write, { readonly kind: 'write' }>): readonly Write[] {
  const sectors: Write[] = []
  for (let from = 0; from < bytes.length; ) {
    const to = Math.min(bytes.length, from + sectorBytes - ((at + from) % sectorBytes))
    sectors.push({ kind: 'write', path, at: at + from, bytes: bytes.subarray(from, to) })
    from = to
  }
  return sectors
}

function shuffled<Item>(items: readonly Item[], random: (below: number) => number): readonly Item[] {
  const order = [...items]
  for (let last = order.length - 1; last > 0; last--) {
    const other = random(last + 1)
    const [one, two] = [order[last] as Item, order[other] as Item]
    order[last] = two
    order[other] = one
  }
  return order
}

function applied(bytes: Buffer, write: Write): Buffer {
  if (write.kind === 'cut') {
    const cut = Buffer.alloc(write.size)
    bytes.copy(cut)
    return cut
  }
  const end = write.at + write.bytes.length
  const whole = end <= bytes.length ? bytes : Buffer.concat([bytes, Buffer.alloc(end - bytes.length)])
  write.bytes.copy(whole, write.at)
  return whole
}
