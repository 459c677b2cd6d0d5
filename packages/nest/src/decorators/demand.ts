import 'reflect-metadata'
import { type Requirement, requirementOf } from '@bailiwick/client'
import { Misconfigured } from '@bailiwick/core'
import { UseGuards } from '@nestjs/common'
import { ModuleImported } from '../module-imported.js'
import { isConcealed } from './conceal.js'
import type { RouteDecorator } from './route-decorator.js'

// By name and not by identity, so that two copies of this package in one application find each other's.
const requirementKey = Symbol.for('bailiwick/nest/requirement')

/**
 * Put a requirement on a controller or on a handler.
 *
 * @throws {Misconfigured} on the second one in the same place: which of the two would hold?
 */
export function demanding(requirement: Requirement): RouteDecorator {
  const asked = requirement.kind === 'public' ? undefined : (UseGuards(ModuleImported) as RouteDecorator)
  return (target: object, method?: string | symbol, descriptor?: PropertyDescriptor) => {
    if (method === undefined) {
      refuseSecond(Reflect.hasOwnMetadata(requirementKey, target), nameOf(target))
      Reflect.defineMetadata(requirementKey, requirement, target)
      asked?.(target as never)
      return
    }
    refuseSecond(
      Reflect.hasOwnMetadata(requirementKey, target, method),
      `${nameOf(target)}.${String(method)}`,
    )
    // On the function, where Nest keeps such things, and on its name: a decorator that wraps the function and
    // drops what was said about it would otherwise leave the route to what the class says.
    Reflect.defineMetadata(requirementKey, requirement, descriptor?.value as object)
    Reflect.defineMetadata(requirementKey, requirement, target, method)
    asked?.(target, method, descriptor as PropertyDescriptor)
  }
}

/**
 * What a handler demands. What stands on the handler replaces what stands on its controller; a controller
 * inherits what stands on the class that it extends, a handler that is written anew does not.
 */
export function demandOf(controller: object, handler: object): Requirement | undefined {
  const onFunction: unknown = Reflect.getOwnMetadata(requirementKey, handler)
  const onHandler = onFunction ?? demandByName(controller, handler)
  const requirement = (onHandler ?? Reflect.getMetadata(requirementKey, controller)) as
    | Requirement
    | undefined
  return requirement && isConcealed(controller, handler) ? concealed(requirement) : requirement
}

function concealed(requirement: Requirement): Requirement {
  if (requirement.kind === 'public' || requirement.kind === 'authenticated') return requirement
  return requirementOf(requirement, { conceal: true })
}

function demandByName(controller: object, handler: object): unknown {
  let prototype: unknown = (controller as { prototype?: unknown }).prototype
  while (typeof prototype === 'object' && prototype !== null) {
    for (const [name, { value }] of Object.entries(Object.getOwnPropertyDescriptors(prototype))) {
      if (value === handler) return Reflect.getOwnMetadata(requirementKey, prototype, name)
    }
    prototype = Object.getPrototypeOf(prototype)
  }
  return undefined
}

function refuseSecond(isSecond: boolean, place: string): void {
  if (!isSecond) return
  throw new Misconfigured(
    `\`${place}\` has two requirements: say both in one, with \`@RequireAll\` or \`@RequireAny\``,
  )
}

function nameOf(target: object): string {
  return typeof target === 'function' ? target.name : target.constructor.name
}
