export {
  type Answered,
  type Handler,
  type RequestContext,
  type Route,
  route,
  type Service,
} from './http/route.js'
