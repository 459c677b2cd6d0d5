import {
  applyDecorators,
  type CanActivate,
  type ExecutionContext,
  Inject,
  Injectable,
  UseFilters,
  UseGuards,
} from '@nestjs/common'
import { AuthorizationGuard } from './authorization-guard.js'
import type { RouteDecorator } from './decorators/route-decorator.js'
import { ProblemFilter } from './problem-filter.js'

/** Leads to the one guard of the application, which may be a subclass of ours. */
@Injectable()
export class GuardDoor implements CanActivate {
  constructor(@Inject(AuthorizationGuard) private readonly guard: AuthorizationGuard) {}

  canActivate(context: ExecutionContext): boolean | Promise<boolean> {
    return this.guard.canActivate(context)
  }
}

/**
 * Bring the guard to what Nest calls without its global guards: WebSocket gateways, and the message handlers of an
 * application that serves HTTP as well. Start-up refuses where it is missing.
 *
 * @example
 * @Guarded()
 * @WebSocketGateway()
 * export class ChatGateway { … }
 */
export function Guarded(): RouteDecorator {
  return applyDecorators(UseGuards(GuardDoor), UseFilters(ProblemFilter)) as RouteDecorator
}

/** Whether `@Guarded()` stands on a class or on one of its handlers. */
export function isGuarded(holder: object, handler: object): boolean {
  return [holder, handler].some((place) => {
    const guards = Reflect.getMetadata('__guards__', place) as readonly unknown[] | undefined
    return guards?.includes(GuardDoor) ?? false
  })
}
