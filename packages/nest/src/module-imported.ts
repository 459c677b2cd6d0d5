import { Misconfigured } from '@bailiwick/core'
import { type CanActivate, Inject, Injectable, type OnApplicationBootstrap, Optional } from '@nestjs/common'
import { authorizationOptions } from './options.js'

/**
 * Stands wherever something is demanded, and sees to it that somebody asks for it: without the module a decorator is
 * only a note, and its route open to everybody.
 */
@Injectable()
export class ModuleImported implements CanActivate, OnApplicationBootstrap {
  // By the name of the options: the guard itself may come from another copy of this package.
  constructor(@Optional() @Inject(authorizationOptions) private readonly options?: object) {}

  /** @throws {Misconfigured} in an application that is started; a test that makes a controller alone is let be. */
  onApplicationBootstrap(): void {
    this.canActivate()
  }

  canActivate(): boolean {
    if (this.options !== undefined) return true
    throw new Misconfigured(
      'permissions are demanded, and nobody asks for them: import `AuthorizationModule.forRoot({ authorizer })` in the root module',
    )
  }
}
