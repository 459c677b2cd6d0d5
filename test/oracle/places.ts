import { memoryStore, openEngine } from '@bailiwick/engine'
import type { Place } from './agree.js'

/** A new memory store of one engine at a time, which keeps what it holds from one to the next. */
export function inMemory(): Place {
  const store = memoryStore({ access: 'exclusive' })
  return (model) => openEngine({ store, model })
}

/**
 * Two engines over one memory store, each call going to the other one than the call before: what one has
 * written, the next to be asked has not seen.
 */
export function sharedInMemory(): Place {
  const store = memoryStore({ access: 'shared' })
  return async (model) => {
    const [first, second] = [await openEngine({ store, model }), await openEngine({ store, model })]
    let turn = 0
    return new Proxy(first, {
      get(_, name: keyof typeof first) {
        if (name === 'close') return () => Promise.all([first.close(), second.close()])
        const engine = turn++ % 2 === 0 ? first : second
        const member = engine[name]
        return typeof member === 'function' ? member.bind(engine) : member
      },
    })
  }
}
