import type { Authorizer, Requirement } from '@bailiwick/client'
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js'
import { GuardedTransport } from './guarded-transport.js'
import { placeTools, type ToolRequirements, unnamed } from './requirements.js'

/** What all transports of a server are guarded by. */
export interface ToolGuard {
  readonly authorizer: Authorizer
  /** What each tool demands, every permission placed. */
  readonly tools: ReadonlyMap<string, Requirement>
  /** A transport for `server.connect(…)` that lets through only what may be. */
  over(transport: Transport): Transport
}

/**
 * Guard the tools of a server: a call needs what its tool demands, a list shows the tools that the session may call, and
 * everything else needs a session. A tool that is not named here is neither listed nor called: `assertGuarded` refuses it
 * at start, and without that there is a warning at the first list that it would have been in.
 *
 * @throws {Misconfigured} for a tool that does not say which resource; {PermissionUnknown} with the slug that was meant.
 *
 * @example
 * const guard = toolGuard(authz, { 'rename-project': requirePermission('project:edit', { resource: arg('projectId') }) })
 * await server.connect(guard.over(transport))
 */
export function toolGuard(authorizer: Authorizer, tools: ToolRequirements): ToolGuard {
  const placed = placeTools(tools, authorizer.model)
  const warned = new Set<string>()
  const forgotten = (tool: string) => {
    if (warned.has(tool)) return
    warned.add(tool)
    process.emitWarning(unnamed(tool), { code: 'BAILIWICK_TOOL_UNNAMED' })
  }
  return {
    authorizer,
    tools: placed,
    over: (transport) => new GuardedTransport(transport, authorizer, placed, forgotten),
  }
}
