import { checkAgainstModel, type GuardedRoute, placeOperation, type Requirement } from '@bailiwick/client'
import { isAuthorizationError } from '@bailiwick/core'
import { areEventsGuarded, isSubscription } from '../calls/subscription.js'
import { demandOf } from '../decorators/demand.js'
import { isGuarded } from '../guarded.js'
import type { AuthorizationModuleOptions } from '../options.js'
import type { NestRoutes, OtherEntry, OtherKind } from './nest-routes.js'

/** What is wrong with an entry, if anything, and its line in the table. */
export interface CheckedEntry {
  readonly fault?: string
  /** Nobody has said who may use it. */
  readonly forgotten?: string
  readonly row: GuardedRoute
}

const shownKinds: Readonly<Record<OtherKind, string>> = {
  gateway: 'a WebSocket gateway',
  message: 'a message handler',
  resolver: 'a GraphQL resolver',
  field: 'a GraphQL field',
  reference: 'a GraphQL reference resolver',
}

const methods: Readonly<Record<OtherKind, string>> = {
  gateway: 'WS',
  message: 'MESSAGE',
  resolver: 'GRAPHQL',
  field: 'GRAPHQL',
  reference: 'GRAPHQL',
}

/** Holds against the rules what is called without a path. */
export class OtherEntries {
  constructor(
    private readonly options: AuthorizationModuleOptions,
    private readonly routes: NestRoutes,
    /** Absent in an application that serves no HTTP: the guards of the application then reach its messages. */
    private readonly httpAdapter: unknown,
    private readonly findsMessageTokens: boolean,
  ) {}

  check(entry: OtherEntry): CheckedEntry {
    const { holder, handler, name, kind } = entry
    const requirement = demandOf(holder, handler)
    const row = {
      method: methods[kind],
      path: name,
      requirements: requirement === undefined ? [] : [requirement],
    }
    if (requirement === undefined) {
      const forgotten = `\`${name}\` is ${shownKinds[kind]} that does not say who may use it: add \`@RequirePermission(…)\`, \`@Authenticated()\`, or \`@Public()\` if anybody may`
      return { forgotten, row }
    }
    if (requirement.kind === 'public') return { row }
    const fault = this.unreached(entry) ?? this.misplaced(requirement, name)
    return fault === undefined ? { row } : { fault, row }
  }

  /** Guards of the application do not reach everything that Nest calls. */
  private unreached({ holder, handler, name, kind }: OtherEntry): string | undefined {
    const needsGuarded = kind === 'gateway' || (kind === 'message' && this.httpAdapter)
    if (needsGuarded && !isGuarded(holder, handler)) {
      return `\`${name}\` is ${shownKinds[kind]}, which guards of the application do not reach: add \`@Guarded()\` to \`${holder.name}\``
    }
    if ((kind === 'field' || kind === 'reference') && !this.routes.guardsFields()) {
      return `\`${name}\` is ${shownKinds[kind]}, whose guards are not called: add \`fieldResolverEnhancers: ['guards', 'filters']\` to the options of the GraphQL module`
    }
    if (kind === 'resolver' && isSubscription(handler) && !areEventsGuarded(handler)) {
      return `\`${name}\` is a subscription of a resolver that was made too late, so that nobody looks at its events: provide \`${holder.name}\` as a class`
    }
    if (kind === 'message' && !this.findsMessageTokens) {
      return `\`${name}\` is a message handler, and nobody says where messages carry their tokens: add \`messageToken: (data, context) => …\` to the options of \`AuthorizationModule\``
    }
    return undefined
  }

  private misplaced(requirement: Requirement, name: string): string | undefined {
    const { model } = this.options.authorizer
    try {
      checkAgainstModel(requirement, model)
      placeOperation(requirement, name, model)
      return undefined
    } catch (error) {
      if (!isAuthorizationError(error)) throw error
      return error.message.includes(name) ? error.message : `\`${name}\`: ${error.message}`
    }
  }
}
