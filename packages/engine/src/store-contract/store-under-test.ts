import { onTestFinished } from 'vitest'
import type { Store, StoreOpener } from '../store/store.js'

/** One fresh, empty store for one test. */
export interface StoreUnderTest {
  /** Every open, also after a close, reaches the same data. */
  readonly opener: StoreOpener
  /** Remove what the test left behind. Called after every handle is closed. */
  readonly dispose: () => Promise<void>
}

/** Opens handles onto one fresh store; they are closed, and the store disposed of, when the test ends. */
export async function openerForTest(open: () => Promise<StoreUnderTest>): Promise<StoreOpener> {
  const { opener, dispose } = await open()
  const opened: Store[] = []
  onTestFinished(async () => {
    for (const store of opened) await store.close()
    await dispose()
  })
  return async () => {
    const store = await opener()
    opened.push(store)
    return store
  }
}
