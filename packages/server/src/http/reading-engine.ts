import type { ServiceEngine, Written } from '@bailiwick/core'

type Writes<Method> = Method extends (...input: never) => Promise<Written<unknown>> ? true : false

type WriteName = {
  [Name in keyof ServiceEngine]-?: Writes<ServiceEngine[Name]> extends true ? Name : never
}[keyof ServiceEngine]

/**
 * An engine that only answers. Routes have this one at hand; to write they ask for that of whoever asks them, so that
 * no commit is without an author: it would not compile.
 */
export type ReadingEngine = Omit<ServiceEngine, WriteName | 'ensureUser' | 'as'>
