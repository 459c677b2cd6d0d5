import 'reflect-metadata'
import type { ExecutionContext, NestInterceptor } from '@nestjs/common'
import { map } from 'rxjs'
import { graphqlArguments } from './graphql-field.js'
import { guardedEvents } from './guarded-events.js'

/** Asks again what was asked when a subscription was made. It rejects with what its client is to be told. */
export type AskAgain = () => Promise<void>

// Behind a name that nobody else has, as with requests.
const askAgainKey = Symbol('ask again')

interface Call {
  [askAgainKey]?: AskAgain
}

/** Whether a handler begins a GraphQL subscription. */
export function isSubscription(handler: object): boolean {
  return Reflect.getMetadata('graphql:resolver_type', handler) === 'Subscription'
}

/** Ask before each event of a subscription. */
export function askForEvents(context: ExecutionContext, askAgain: AskAgain): void {
  ;(graphqlArguments(context).call as Call)[askAgainKey] = askAgain
}

/**
 * See to it that the events of a subscription pass by its guard. Nest reads what is said here when it makes the schema,
 * so it has to be said before.
 */
export function guardEvents(handler: object): void {
  // A class may be part of several applications in one process: one interceptor does for all of them.
  if (areEventsGuarded(handler)) return
  Reflect.defineMetadata(interceptorsKey, [eventGuard, ...interceptorsOf(handler)], handler)
}

/** Whether events of a subscription pass by its guard. */
export function areEventsGuarded(handler: object): boolean {
  return interceptorsOf(handler).includes(eventGuard)
}

function interceptorsOf(handler: object): readonly unknown[] {
  return (Reflect.getOwnMetadata(interceptorsKey, handler) ?? []) as readonly unknown[]
}

const interceptorsKey = '__interceptors__'

/** Guards see subscriptions when they are made, and interceptors what they yield. */
const eventGuard: NestInterceptor = {
  intercept(context, next) {
    const askAgain = (graphqlArguments(context).call as Call)[askAgainKey]
    if (askAgain === undefined) return next.handle()
    const field = fieldToTellBy(context)
    return next
      .handle()
      .pipe(map((events) => guardedEvents(events as AsyncIterable<unknown>, askAgain, field)))
  },
}

/** The field of an event that its client is sent as it is; `undefined` where the schema makes something of the event. */
function fieldToTellBy(context: ExecutionContext): string | undefined {
  const { fieldName, parentType } = graphqlArguments(context).call as SubscriptionInfo
  return parentType.getFields()[fieldName]?.resolve === undefined ? fieldName : undefined
}

/** What servers of GraphQL tell of the field that a subscription is for. */
interface SubscriptionInfo {
  readonly fieldName: string
  readonly parentType: {
    getFields(): Readonly<Record<string, { readonly resolve?: unknown }>>
  }
}
