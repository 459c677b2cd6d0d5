import type { CheckQuestion, OrganizationId, ResourceRef } from '@bailiwick/core'
import { openEngine } from '@bailiwick/engine'
import { idOf } from './workload/ids.js'
import { benchModel } from './workload/model.js'
import type { Workload } from './workload/workload.js'
import { workloadStore } from './workload/workload-store.js'
import { WrongAnswer } from './wrong-answer.js'

/** The engine with a whole workload in memory, as the bench asks it. */
export async function openOurs(workload: Workload) {
  const store = workloadStore(workload)
  const engine = await openEngine({ store: store.open, model: benchModel(), maxMemoryMb: 16_384 })
  for (let index = 0; index < workload.size.organizations; index++) {
    const id = idOf('organization', index) as OrganizationId
    if (!(await engine.hasResource(id, { type: 'organization', externalId: id })))
      throw new WrongAnswer(`${id} was not loaded`)
  }
  return {
    engine,
    /** Let go of the columns that the organizations were made from. */
    letGo: store.letGo,
    /** The subject of a question, to be asked many times. */
    subject: ({ organizationId, subject }: CheckQuestion) => engine.subject(organizationId, subject),
    /** The resource of a question, looked up once. */
    resource: ({ organizationId, resource }: CheckQuestion) =>
      engine.resource(organizationId, resource as ResourceRef),
    close: () => engine.close(),
  }
}
