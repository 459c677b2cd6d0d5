import { CapabilityMissing } from '@bailiwick/core'
import type { Capabilities } from '../capabilities.js'

/** A method that WorkOS has no route for. */
export function lacks(capability: keyof Capabilities, method: string): () => Promise<never> {
  return () => Promise.reject(new CapabilityMissing(capability, `\`${method}\``))
}

/** @throws {CapabilityMissing} when a part of a question or a command that WorkOS has no room for is used. */
export function refusePart(capability: keyof Capabilities, part: string, isUsed: boolean): void {
  if (isUsed) throw new CapabilityMissing(capability, part)
}
