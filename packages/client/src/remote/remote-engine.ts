import { parseOrigin } from '@bailiwick/core'
import { getModel, parseModel, renderActorHeader } from '@bailiwick/wire'
import { cachedEngine } from '../cache/cached-engine.js'
import { writesOf } from '../telling-writes.js'
import { bailiwickPort } from './bailiwick-port.js'
import { capabilitiesOf, type RemoteEngine } from './capabilities.js'
import { openService } from './open-service.js'
import { checkOptions, type RemoteOptions } from './remote-options.js'
import type { Service } from './service.js'
import { refusePart } from './workos/missing.js'
import { workosPort } from './workos/workos-port.js'

/**
 * Open an engine that is a server elsewhere, over HTTP: the same methods, the same answers and errors as of one in
 * this process.
 *
 * Whatever stands in the way of an answer is an error of kind `unavailable`, within the deadline, and never an
 * allow: see docs/remote.md.
 *
 * @throws {Misconfigured} naming the option that is wrong. Where the model has to be read: as its questions do. Where
 *   the feed is to be followed: {RemoteKeyRefused} when the key may not read it.
 *
 * @example
 * const engine = await remoteEngine({ url: 'http://localhost:4100', apiKey: process.env.BAILIWICK_API_KEY })
 */
export async function remoteEngine(options: RemoteOptions): Promise<RemoteEngine> {
  const checked = checkOptions(options)
  const service = openService(checked)
  const model = checked.model ?? (await readModel(service))
  const engine: RemoteEngine = {
    model,
    capabilities: capabilitiesOf[checked.api],
    ...(checked.api === 'workos' ? workosPort(service, model) : bailiwickPort(service, model)),
    as: (origin) => {
      refusePart('actors', '`as`', checked.api === 'workos')
      const { actor, reason } = parseOrigin(origin)
      const header = renderActorHeader({ actor, ...(reason === undefined ? {} : { reason }) })
      return { ...engine, ...writesOf(bailiwickPort(service.as(header), model)) }
    },
    close: () => service.close(),
  }
  return checked.cache === undefined ? engine : cachedEngine(engine, checked.cache, checked)
}

async function readModel(service: Service) {
  try {
    return await service.ask({ operation: getModel, read: parseModel }, undefined)
  } catch (error) {
    await service.close()
    throw error
  }
}
