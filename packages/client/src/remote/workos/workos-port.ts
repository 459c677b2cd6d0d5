import type { AuthorizationEngine, Model } from '@bailiwick/core'
import { remoteGroups } from '../areas/groups.js'
import { remoteMemberships } from '../areas/memberships.js'
import { remoteOrganizations } from '../areas/organizations.js'
import { remoteResources } from '../areas/resources.js'
import type { Service } from '../service.js'
import { lacks, refusePart } from './missing.js'
import { workosAssignments } from './workos-assignments.js'
import { workosMemberships } from './workos-memberships.js'
import { workosQuestions } from './workos-questions.js'
import { workosRoles } from './workos-roles.js'

/** The methods of an engine, as far as WorkOS's own service has them. */
export function workosPort(service: Service, model: Model): Omit<AuthorizationEngine, 'model' | 'close'> {
  const organizations = remoteOrganizations(service)
  const memberships = remoteMemberships(service, organizations)
  const resources = remoteResources(service, model, organizations)
  const groups = remoteGroups(service, { ...organizations, ...memberships })
  const known = { ...organizations, ...memberships, ...resources, ...groups }
  return {
    ...known,
    ...workosQuestions(service, model, known),
    ...workosMemberships(service, known),
    ...workosAssignments(service, known),
    ...workosRoles(service),

    async createOrganization(organization) {
      refusePart('chosenIds', 'an organization with an `id`', organization.id !== undefined)
      return organizations.createOrganization(organization)
    },

    listDirectoryMappings: lacks('directory', 'listDirectoryMappings'),
    createDirectoryMapping: lacks('directory', 'createDirectoryMapping'),
    deleteDirectoryMapping: lacks('directory', 'deleteDirectoryMapping'),
    syncDirectoryGroups: lacks('directory', 'syncDirectoryGroups'),
    applyDirectoryGroupEvent: lacks('directory', 'applyDirectoryGroupEvent'),
    listExclusions: lacks('exclusions', 'listExclusions'),
    createExclusion: lacks('exclusions', 'createExclusion'),
    deleteExclusion: lacks('exclusions', 'deleteExclusion'),
  }
}
