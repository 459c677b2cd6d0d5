import * as eleven from '@workos-inc/node'
import * as eight from 'workos-8'

/** A client of the SDK, typed as the newest one is. An older one may lack some of its methods. */
export type WorkOSClient = InstanceType<typeof eleven.WorkOS>

/** One release of the official SDK. */
export interface Sdk {
  readonly version: string
  /** Make a client; the options are those of the SDK itself. */
  readonly create: (apiKey: string, options: ClientOptions) => WorkOSClient
  /** The statuses whose exceptions carry the code of the answer. */
  readonly tellsCodeOf: ReadonlySet<number>
}

/** Where a client finds the server. */
export interface ClientOptions {
  readonly apiHostname: string
  readonly port: number
  readonly https: boolean
  readonly clientId?: string
  readonly fetchFn: typeof fetch
}

/** Every release that must work, unchanged: the newest, and the newest whose `engines` admit Node 20. */
export const sdks: readonly Sdk[] = [
  {
    version: '11.0.0',
    create: (apiKey, options) => new eleven.WorkOS(apiKey, options),
    tellsCodeOf: new Set([400, 404, 409, 422]),
  },
  {
    version: '8.13.0',
    create: (apiKey, options) => new eight.WorkOS(apiKey, options) as unknown as WorkOSClient,
    tellsCodeOf: new Set([404, 422]),
  },
]

/** A part of the SDK, such as `authorization`. */
export type Part = keyof WorkOSClient & ('authorization' | 'groups' | 'organizations' | 'userManagement')

/** A method of the SDK, such as `authorization.check`. */
export type SdkMethod = {
  [Name in Part]: `${Name}.${Extract<keyof WorkOSClient[Name], string>}`
}[Part]

/** The releases that have all of these methods. What the others lack stands in `support.test.ts`, method by method. */
export function sdksWith(...methods: readonly SdkMethod[]): readonly Sdk[] {
  return sdks.filter((sdk) => methods.every((method) => methodsOf(sdk).has(method)))
}

/** Every public method of the parts that concern us, as `part.method`. */
export function methodsOf(sdk: Sdk): ReadonlySet<string> {
  const client = sdk.create('sk_test_nobody', {
    apiHostname: '127.0.0.1',
    port: 1,
    https: false,
    fetchFn: fetch,
  })
  return new Set(
    parts.flatMap((part) => {
      const prototype: unknown = Object.getPrototypeOf(client[part] ?? {})
      return Object.getOwnPropertyNames(prototype)
        .filter((name) => name !== 'constructor' && prototype !== Object.prototype)
        .map((name) => `${part}.${name}`)
    }),
  )
}

/** The parts of the SDK that concern authorization, in the order of the documentation. */
export const parts: readonly Part[] = ['authorization', 'groups', 'organizations', 'userManagement']
