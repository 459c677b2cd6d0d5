/** A decorator for a controller, a resolver or a gateway, or for one of its handlers. */
export type RouteDecorator = ClassDecorator & MethodDecorator
