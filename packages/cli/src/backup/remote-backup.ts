import { StoreUnavailable } from '@bailiwick/core'
import { askService, type Service } from '../ask-service.js'

/** A backup that a service makes of its own store. @param service - With a key that has the scope `admin`. */
export async function remoteBackup(service: Service): Promise<AsyncIterable<Uint8Array>> {
  const { body } = await askService(service, '/backup')
  if (body === null) throw new StoreUnavailable('the service sent nothing in place of a backup')
  return body
}
