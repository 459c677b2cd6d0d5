import { refToResource, type Telling } from './telling.js'

/** What subjects hold: assignments, exclusions, and the mappings of the identity provider. */
export async function tellHoldings({ engine, organization, random, refTo }: Telling): Promise<void> {
  const organizationId = organization.id
  for (const { subject, role, on } of organization.assignments) {
    const assignment = { organizationId, subject: refTo(subject), role, resource: refToResource(on) }
    const { value } = await engine.assignRole(assignment)
    if (!random.chance(0.3)) continue
    await engine.removeAssignment(organizationId, value.id)
    await engine.assignRole(assignment)
  }
  for (const { subject, effect, permission, on } of organization.exclusions) {
    const exclusion = { organizationId, subject: refTo(subject), effect, resource: refToResource(on) }
    const { value } = await engine.createExclusion({ ...exclusion, permission })
    if (!random.chance(0.3)) continue
    await engine.deleteExclusion(organizationId, value.id)
    await engine.createExclusion({ ...exclusion, permission })
  }
  for (const { directoryGroup, role, on } of organization.mappings) {
    const mapping = { organizationId, directoryGroup, role, resource: refToResource(on) }
    const { value } = await engine.createDirectoryMapping(mapping)
    if (!random.chance(0.3)) continue
    await engine.deleteDirectoryMapping(organizationId, value.id)
    await engine.createDirectoryMapping(mapping)
  }
}
