import type { AuthorizationEngine } from '@bailiwick/core'
import { organizations, samples } from './organizations.js'
import { people } from './people.js'

/**
 * Bring the sample customers, people and roles into an engine. Makes only what is not there yet, so that it may
 * run at every start, also after one that was cut short.
 *
 * @returns How many entities it made: 0 when all were there.
 */
export async function seed(engine: AuthorizationEngine): Promise<number> {
  let made = 0
  for (const { id, name } of organizations) {
    if ((await engine.getOrganization(id)) !== undefined) continue
    await engine.createOrganization({ id, name })
    made++
  }
  for (const [organizationId, things] of samples) {
    for (const { type, id: externalId, name, parent } of things) {
      if ((await engine.findResource(organizationId, { type, externalId })) !== undefined) continue
      const place = parent && { parent: { type: parent.type, externalId: parent.id } }
      await engine.createResource({ organizationId, type, externalId, name, ...place })
      made++
    }
  }
  for (const { organizationId, membershipId, userId, roles, assignments } of Object.values(people)) {
    if ((await engine.findMembership(organizationId, { membershipId })) === undefined) {
      await engine.createMembership({ organizationId, id: membershipId, userId, roles })
      made++
    }
    for (const { role, type, id } of assignments) {
      // Giving a role twice is giving it once.
      const resource = { type, externalId: id }
      await engine.assignRole({ organizationId, subject: { membershipId }, role, resource })
    }
  }
  return made
}
