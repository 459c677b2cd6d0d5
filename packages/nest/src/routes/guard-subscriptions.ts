import { Inject, Injectable } from '@nestjs/common'
import { guardEvents, isSubscription } from '../calls/subscription.js'
import { NestRoutes } from './nest-routes.js'

/** Sees to it that events of GraphQL subscriptions are guarded, as soon as there is an instance: the schema comes after. */
@Injectable()
export class GuardSubscriptions {
  constructor(@Inject(NestRoutes) routes: NestRoutes) {
    for (const { handler } of routes.others()) if (isSubscription(handler)) guardEvents(handler)
  }
}
