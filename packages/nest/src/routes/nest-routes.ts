import 'reflect-metadata'
import { pathParameters } from '@bailiwick/client'
import { Inject, Injectable, RequestMethod, type Type } from '@nestjs/common'
import { DiscoveryService, MetadataScanner, ModuleRef, ModulesContainer } from '@nestjs/core'

/** A handler of a controller, and the path that leads to it. */
export interface HandlerRoute {
  readonly controller: Type
  readonly handler: object
  /** `ProjectsController.update` */
  readonly name: string
  readonly method: string
  readonly path: string
  readonly parameters: readonly string[]
}

/** Something that is called by other ways than HTTP. */
export interface OtherEntry {
  readonly holder: Type
  readonly handler: object
  /** `ProjectsResolver.rename` */
  readonly name: string
  readonly kind: OtherKind
}

export type OtherKind = 'gateway' | 'message' | 'resolver' | 'field' | 'reference'

/** Reads the controllers of the application as Nest's own router does. */
@Injectable()
export class NestRoutes {
  constructor(
    @Inject(DiscoveryService) private readonly discovery: DiscoveryService,
    @Inject(MetadataScanner) private readonly scanner: MetadataScanner,
    @Inject(ModulesContainer) private readonly modules: ModulesContainer,
    @Inject(ModuleRef) private readonly moduleRef: ModuleRef,
  ) {}

  /** One entry for each method and path. URI versions are left out. */
  handlers(): readonly HandlerRoute[] {
    const globalPrefix = this.globalPrefix()
    return this.controllers().flatMap(({ controller, modulePath }) =>
      this.methodsOf(controller).flatMap(([name, handler]) => {
        const paths = Reflect.getMetadata('path', handler) as string | readonly string[] | undefined
        if (paths === undefined) return []
        const method = Reflect.getMetadata('method', handler) as RequestMethod
        const prefixes = [Reflect.getMetadata('path', controller) as string | readonly string[]].flat()
        return prefixes.flatMap((prefix) =>
          [paths].flat().map((path) => {
            const whole = joined(globalPrefix, modulePath, prefix, path)
            return {
              controller,
              handler,
              name: `${controller.name}.${name}`,
              method: method === RequestMethod.ALL ? '*' : (RequestMethod[method] as string),
              path: whole,
              parameters: pathParameters(whole),
            }
          }),
        )
      }),
    )
  }

  /** Handlers of gateways, of messages, and of GraphQL. */
  others(): readonly OtherEntry[] {
    const holders = [...this.discovery.getProviders(), ...this.discovery.getControllers()]
    const classes = new Set(holders.flatMap(classesOf))
    return [...classes].flatMap((holder) =>
      this.methodsOf(holder).flatMap(([name, handler]) =>
        entryKinds
          .filter(({ key, on }) => Reflect.hasMetadata(key, on === 'class' ? holder : handler))
          .filter(({ method }) => method === undefined || Reflect.hasMetadata(method, handler))
          .map(({ kind }) => ({ holder, handler, kind, name: `${holder.name}.${name}` })),
      ),
    )
  }

  /** Whether the GraphQL module calls guards and filters for field resolvers, which it does not by itself. */
  guardsFields(): boolean {
    // An application may serve several schemas, each with options of its own.
    const modules = this.discovery.getProviders().filter(({ token }) => token === 'GqlModuleOptions')
    return (
      modules.length > 0 &&
      modules.every(({ instance }) => {
        const { fieldResolverEnhancers } = (instance ?? {}) as {
          readonly fieldResolverEnhancers?: readonly string[]
        }
        return ['guards', 'filters'].every((each) => fieldResolverEnhancers?.includes(each))
      })
    )
  }

  private controllers(): readonly { readonly controller: Type; readonly modulePath: string }[] {
    return this.discovery.getControllers().flatMap(({ metatype, host }) => {
      if (typeof metatype !== 'function') return []
      return [{ controller: metatype as Type, modulePath: this.modulePath(host?.metatype) }]
    })
  }

  /** What `RouterModule.register` has said about the module. */
  private modulePath(module: object | undefined): string {
    if (module === undefined) return ''
    const key = '__module_path__'
    const ours: unknown = Reflect.getMetadata(key + this.modules.applicationId, module)
    return String(ours ?? Reflect.getMetadata(key, module) ?? '')
  }

  // There is no public way to it. Without it the table shows shorter paths, and a parameter in the prefix is
  // found by the guard at the first request instead of here.
  private globalPrefix(): string {
    // biome-ignore lint/complexity/useLiteralKeys: it is protected, and only this form gets past that
    return this.moduleRef['container'].applicationConfig?.getGlobalPrefix() ?? ''
  }

  private methodsOf(holder: Type): readonly (readonly [string, object])[] {
    const prototype = holder.prototype as Readonly<Record<string, object>> | undefined
    if (prototype === undefined) return []
    return this.scanner.getAllMethodNames(prototype).map((name) => [name, prototype[name] as object] as const)
  }
}

/** A provider may be made by a factory, which is all that Nest knows of it before there is an instance. */
function classesOf({
  metatype,
  instance,
}: ReturnType<DiscoveryService['getProviders']>[number]): readonly Type[] {
  const prototype: unknown =
    typeof instance === 'object' && instance !== null ? Object.getPrototypeOf(instance) : undefined
  return [metatype, (prototype as object | undefined)?.constructor].filter(
    (found): found is Type => typeof found === 'function',
  )
}

/** How `@nestjs/websockets`, `@nestjs/microservices` and `@nestjs/graphql` mark what they call. */
const entryKinds: readonly {
  readonly kind: OtherKind
  readonly key: string
  readonly on: 'class' | 'handler'
  readonly method?: string
}[] = [
  { kind: 'gateway', key: 'websockets:is_gateway', on: 'class', method: 'websockets:message_mapping' },
  { kind: 'message', key: 'microservices:pattern', on: 'handler' },
  { kind: 'resolver', key: 'graphql:resolver_type', on: 'handler' },
  { kind: 'field', key: 'graphql:resolve_property', on: 'handler' },
  { kind: 'reference', key: 'graphql:resolve_reference', on: 'handler' },
]

function joined(...parts: readonly string[]): string {
  const path = parts
    .flatMap((part) => part.split('/'))
    .filter((segment) => segment !== '')
    .join('/')
  return `/${path}`
}
