import { expect } from 'vitest'
import { type AuthorizationMatchers, authorizationMatchers } from './matchers.js'

declare module 'vitest' {
  // biome-ignore lint/suspicious/noExplicitAny: vitest declares it so, and declarations must agree
  interface Matchers<T = any> extends AuthorizationMatchers<T> {}
}

expect.extend(authorizationMatchers)
