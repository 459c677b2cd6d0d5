import type { AuthorizationEngine } from '@bailiwick/core'
import { getModel, parseModel } from '@bailiwick/wire'
import { bailiwickPort } from './bailiwick-port.js'
import { type Capabilities, capabilitiesOf } from './capabilities.js'
import { openService } from './open-service.js'
import { checkOptions, type RemoteOptions } from './remote-options.js'
import type { Service } from './service.js'
import { workosPort } from './workos/workos-port.js'

/** An engine at the other end of a wire. */
export interface RemoteEngine extends AuthorizationEngine {
  /** What the service offers. */
  readonly capabilities: Capabilities
}

/**
 * Open an engine that is a server elsewhere, over HTTP: the same methods, the same answers and errors as of one in
 * this process.
 *
 * Whatever stands in the way of an answer is an error of kind `unavailable`, within the deadline, and never an
 * allow: see docs/remote.md.
 *
 * @throws {Misconfigured} naming the option that is wrong. Where the model has to be read: as its questions do.
 *
 * @example
 * const engine = await remoteEngine({ url: 'http://localhost:4100', apiKey: process.env.BAILIWICK_API_KEY })
 */
export async function remoteEngine(options: RemoteOptions): Promise<RemoteEngine> {
  const checked = checkOptions(options)
  const service = openService(checked)
  const model = checked.model ?? (await readModel(service))
  return {
    model,
    capabilities: capabilitiesOf[checked.api],
    ...(checked.api === 'workos' ? workosPort(service, model) : bailiwickPort(service, model)),
    close: () => service.close(),
  }
}

async function readModel(service: Service) {
  try {
    return await service.ask({ operation: getModel, read: parseModel }, undefined)
  } catch (error) {
    await service.close()
    throw error
  }
}
