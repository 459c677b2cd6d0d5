export { createServer, type Server, type ServerOptions } from './create-server.js'
export {
  type Answered,
  type Handler,
  type RequestContext,
  type Route,
  route,
  type Service,
} from './http/route.js'
