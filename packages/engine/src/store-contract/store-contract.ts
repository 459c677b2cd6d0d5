import { describe } from 'vitest'
import { appending } from './appending.js'
import { chaining } from './chaining.js'
import { closing } from './closing.js'
import { conditions } from './conditions.js'
import { finding } from './finding.js'
import { logging } from './logging.js'
import { lookingUp } from './looking-up.js'
import { noting } from './noting.js'
import { paging } from './paging.js'
import { reading } from './reading.js'
import { replaying } from './replaying.js'
import { sharing } from './sharing.js'
import type { StoreUnderTest } from './store-under-test.js'
import { watching } from './watching.js'

/**
 * Declare, as a vitest suite, every promise that the engine relies on. Run it against a store of your own.
 *
 * @param name - How the suite calls the store.
 * @param open - Makes a fresh, empty store for one test. Called once a test.
 *
 * @example
 * storeContract('memory', async () => ({ opener: memoryStore(), dispose: async () => {} }))
 */
export function storeContract(name: string, open: () => Promise<StoreUnderTest>): void {
  describe(`the ${name} store`, () => {
    for (const part of [
      appending,
      conditions,
      reading,
      finding,
      paging,
      lookingUp,
      logging,
      chaining,
      noting,
      replaying,
      sharing,
      watching,
      closing,
    ])
      part(open)
  })
}
