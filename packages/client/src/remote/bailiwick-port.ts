import type { AuthorizationEngine, Model } from '@bailiwick/core'
import { remoteAssignments } from './areas/assignments.js'
import { remoteDirectory } from './areas/directory.js'
import { remoteExclusions } from './areas/exclusions.js'
import { remoteGroups } from './areas/groups.js'
import { remoteMemberships } from './areas/memberships.js'
import { remoteOrganizationRoles } from './areas/organization-roles.js'
import { remoteOrganizations } from './areas/organizations.js'
import { remoteQuestions } from './areas/questions.js'
import { remoteResources } from './areas/resources.js'
import type { Service } from './service.js'

/** The methods of an engine, all of them, of our server. */
export function bailiwickPort(service: Service, model: Model): Omit<AuthorizationEngine, 'model' | 'close'> {
  const organizations = remoteOrganizations(service)
  const memberships = remoteMemberships(service, organizations)
  return {
    ...remoteQuestions(service),
    ...organizations,
    ...memberships,
    ...remoteResources(service, model, organizations),
    ...remoteGroups(service, { ...organizations, ...memberships }),
    ...remoteAssignments(service),
    ...remoteOrganizationRoles(service),
    ...remoteDirectory(service),
    ...remoteExclusions(service),
  }
}
