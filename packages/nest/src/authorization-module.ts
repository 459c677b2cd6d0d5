import { Authorizer } from '@bailiwick/client'
import { ConfigurableModuleBuilder, Module, type Type } from '@nestjs/common'
import { APP_FILTER, APP_GUARD, DiscoveryModule } from '@nestjs/core'
import { AuthorizationGuard } from './authorization-guard.js'
import { ConnectionGuard } from './connection-guard.js'
import { DevelopmentPageRoute } from './development-page.js'
import { type AuthorizationModuleOptions, authorizationOptions } from './options.js'
import { ProblemFilter } from './problem-filter.js'
import { DescribeRoutes } from './routes/describe-routes.js'
import { GuardSubscriptions } from './routes/guard-subscriptions.js'
import { NestRoutes } from './routes/nest-routes.js'
import { StartUpCheck } from './routes/start-up-check.js'

/** What stands beside the options, in `forRootAsync` too: the shape of the module depends on it. */
export interface AuthorizationModuleExtras {
  /** A subclass of the guard, to find tokens or resources in a way of its own. */
  readonly guard?: Type<AuthorizationGuard>
}

const givenOptions = Symbol('given options')

const { ConfigurableModuleClass } = new ConfigurableModuleBuilder<AuthorizationModuleOptions>({
  optionsInjectionToken: givenOptions,
})
  .setClassMethodName('forRoot')
  .setFactoryMethodName('createAuthorizationOptions')
  .setExtras<AuthorizationModuleExtras>(
    { guard: AuthorizationGuard },
    (definition, { guard = AuthorizationGuard }) => ({
      ...definition,
      global: true,
      providers: [
        ...(definition.providers ?? []),
        { provide: AuthorizationGuard, useClass: guard },
        { provide: APP_GUARD, useExisting: AuthorizationGuard },
      ],
    }),
  )
  .build()

/**
 * Guards every route of the application, answers refusals, and makes the `Authorizer` injectable. Import it
 * once, in the root module.
 *
 * @example
 * @Module({ imports: [AuthorizationModule.forRoot({ authorizer })] })
 * export class AppModule {}
 */
@Module({
  imports: [DiscoveryModule],
  providers: [
    { provide: Authorizer, useFactory: readAuthorizer, inject: [givenOptions] },
    // By way of the provider, so that a test puts another authorizer in its place as it does with any provider.
    { provide: authorizationOptions, useFactory: withAuthorizer, inject: [givenOptions, Authorizer] },
    { provide: APP_FILTER, useClass: ProblemFilter },
    ConnectionGuard,
    NestRoutes,
    DescribeRoutes,
    GuardSubscriptions,
    DevelopmentPageRoute,
    StartUpCheck,
  ],
  // The guard and the options for what `@Guarded()` puts into other modules.
  exports: [Authorizer, AuthorizationGuard, ConnectionGuard, authorizationOptions],
})
export class AuthorizationModule extends ConfigurableModuleClass {}

function withAuthorizer(
  given: AuthorizationModuleOptions,
  authorizer: Authorizer,
): AuthorizationModuleOptions {
  return { ...given, authorizer }
}

function readAuthorizer({ authorizer }: AuthorizationModuleOptions): Authorizer {
  return authorizer
}
