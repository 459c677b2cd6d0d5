import { OrderedEntries } from './ordered-ids.js'

/** How resources hang together: each of one type, below one parent; no entry is a negative number. */
interface Tree {
  parent(entry: number): number
  type(entry: number): number
  firstChild(entry: number): number
  nextSibling(entry: number): number
}

/** Everything below a resource, or its children only. */
export type Depth = 'subtree' | 'children'

/** More than a model has types. */
const mostTypes = 64

/**
 * The resources of one type below another resource, in the order of their ids. A list is made when one is so long
 * that looking through it for every page would cost too much, and is kept true from then on. What is short costs
 * nothing.
 */
export class DescendantLists {
  readonly #lists = new Map<number, OrderedEntries>()

  constructor(
    private readonly tree: Tree,
    private readonly compare: (one: number, other: number) => number,
  ) {}

  get bytes(): number {
    let bytes = 0
    for (const list of this.#lists.values()) bytes += list.bytes
    return bytes
  }

  /** The list below a resource, if there is one. */
  find(top: number, type: number, depth: Depth): OrderedEntries | undefined {
    return this.#lists.get(keyOf(top, type, depth))
  }

  make(top: number, type: number, depth: Depth): OrderedEntries {
    const list = OrderedEntries.of(this.#below(top, type, depth), this.compare)
    this.#lists.set(keyOf(top, type, depth), list)
    return list
  }

  /** To be called when a resource has come under a parent. */
  linked(entry: number): void {
    if (this.#lists.size === 0) return
    const type = this.tree.type(entry)
    this.find(this.tree.parent(entry), type, 'children')?.add(entry)
    this.#eachAbove(entry, (top) => this.find(top, type, 'subtree')?.add(entry))
  }

  /** To be called when a resource is about to leave its parent. */
  unlinking(entry: number): void {
    if (this.#lists.size === 0) return
    const type = this.tree.type(entry)
    this.find(this.tree.parent(entry), type, 'children')?.remove(entry)
    this.#eachAbove(entry, (top) => this.find(top, type, 'subtree')?.remove(entry))
  }

  /** To be called when a resource is about to go. */
  removing(entry: number): void {
    if (this.#lists.size === 0) return
    this.#drop(entry, 'subtree')
    this.#drop(entry, 'children')
  }

  #eachAbove(entry: number, change: (top: number) => void): void {
    // With all that is below it, it would be many changes: the lists that it concerns are made again when needed.
    const moves = this.tree.firstChild(entry) >= 0
    for (let top = this.tree.parent(entry); top >= 0; top = this.tree.parent(top)) {
      if (moves) this.#drop(top, 'subtree')
      else change(top)
    }
  }

  #drop(top: number, depth: Depth): void {
    for (let type = 0; type < mostTypes; type++) this.#lists.delete(keyOf(top, type, depth))
  }

  #below(top: number, type: number, depth: Depth): number[] {
    const { tree } = this
    const found: number[] = []
    const parents = [top]
    for (let parent = parents.pop(); parent !== undefined; parent = parents.pop()) {
      for (let child = tree.firstChild(parent); child >= 0; child = tree.nextSibling(child)) {
        if (tree.type(child) === type) found.push(child)
        if (depth === 'subtree') parents.push(child)
      }
    }
    return found
  }
}

function keyOf(top: number, type: number, depth: Depth): number {
  return (top * mostTypes + type) * 2 + (depth === 'children' ? 1 : 0)
}
