import 'reflect-metadata'
import type { RouteDecorator } from './route-decorator.js'

const concealKey = Symbol.for('bailiwick/nest/conceal')

/**
 * Answer denials as 404, so that callers do not learn what there is: on a handler, or on a controller for all of its
 * handlers.
 *
 * @example
 * @Get(':id')
 * @Conceal()
 * @RequirePermission('project:view', { resource: param('id') })
 */
export function Conceal(): RouteDecorator {
  return (target: object, method?: string | symbol, descriptor?: PropertyDescriptor) => {
    Reflect.defineMetadata(concealKey, true, method === undefined ? target : (descriptor?.value as object))
  }
}

/** Whether denials of a handler are concealed. */
export function isConcealed(controller: object, handler: object): boolean {
  return Reflect.hasMetadata(concealKey, handler) || Reflect.hasMetadata(concealKey, controller)
}
