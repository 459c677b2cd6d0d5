import type { SessionOptions } from './session-options.js'
import type { SessionVerifier } from './session-verifier.js'

export declare function createSessionVerifier(options: SessionOptions): SessionVerifier
