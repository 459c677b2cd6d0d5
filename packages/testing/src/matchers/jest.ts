import { Misconfigured } from '@bailiwick/core'
import { type AuthorizationMatchers, authorizationMatchers } from './matchers.js'

declare global {
  namespace jest {
    // biome-ignore lint/complexity/noBannedTypes: `@types/jest` declares it so, and declarations must agree
    interface Matchers<R, T = {}> extends AuthorizationMatchers<R> {}
  }
}

const { expect } = globalThis as { readonly expect?: { extend(matchers: object): void } }
if (expect === undefined) {
  throw new Misconfigured(
    "there is no global `expect`: with `injectGlobals: false`, say `expect.extend(authorizationMatchers)` with jest's own",
  )
}
expect.extend(authorizationMatchers)
