export { auditLogLines } from './audit/audit-log-lines.js'
export { createServer, type Server, type ServerOptions } from './create-server.js'
export type { FeedOptions } from './feed/feed.js'
export {
  type Answered,
  type AnswerInspector,
  type Handler,
  type RequestContext,
  type Route,
  route,
  type Service,
} from './http/route.js'
export { KeyRing, type ListedKey, type MadeKey, type NewKey } from './keys/key-ring.js'
export type { AdmissionLimits } from './limits/admission.js'
export type { RateLimit } from './limits/rate-limit.js'
export type { CloseOptions } from './operating/close-gently.js'
export { createLog, type LogLevel, logTo } from './operating/create-log.js'
export type { WebhookOptions } from './webhooks/webhook-settings.js'
