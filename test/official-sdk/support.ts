/** How a method of the SDK fares against the server. */
export type Support =
  /** It is answered, and a test calls it. */
  | { readonly kind: 'offered'; readonly note?: string }
  /** The SDK does it by itself; nothing is asked of a server, or only on behalf of a method that is offered. */
  | { readonly kind: 'local' }
  /** There is no route for it. */
  | { readonly kind: 'absent'; readonly why: string }

/** What is known of every method; one that is missing here is a gap. */
export const support: ReadonlyMap<string, Support> = new Map([
  ...offered('authorization', {
    createEnvironmentRole: '',
    listEnvironmentRoles: '',
    getEnvironmentRole: '',
    updateEnvironmentRole: '',
    setEnvironmentRolePermissions: '',
    addEnvironmentRolePermission: '',
    createOrganizationRole: 'a slug is made from the name when none is given',
    listOrganizationRoles: 'shared roles included, in the order of priority',
    getOrganizationRole: 'shared roles included',
    updateOrganizationRole: '',
    deleteOrganizationRole: '',
    setOrganizationRolePermissions: '',
    addOrganizationRolePermission: '',
    removeOrganizationRolePermission: '',
    createPermission: '',
    listPermissions: '',
    getPermission: '',
    updatePermission: '',
    deletePermission: 'refused while an exclusion names it',
    getResource: '',
    createResource: '',
    updateResource: 'the route moves resources as well; the SDK cannot say so',
    deleteResource: '',
    listResources: '',
    getResourceByExternalId: '8.13.0 does not escape `/`, `?`, `#` and `%`',
    updateResourceByExternalId: '8.13.0 does not escape `/`, `?`, `#` and `%`',
    deleteResourceByExternalId: '8.13.0 does not escape `/`, `?`, `#` and `%`',
    check: 'an unknown permission is denied with a warning',
    listRoleAssignments: '8.13.0 cannot filter',
    listRoleAssignmentsForResource: '',
    listResourceRoleAssignments: '',
    assignRole: 'once more yields the assignment that is there',
    removeRole: '',
    removeRoleAssignment: 'organization-level roles too; what a group gives is refused with 409',
    listGroupRoleAssignments: '',
    getGroupRoleAssignment: '',
    createGroupRoleAssignment: '',
    removeGroupRoleAssignment: '',
    removeGroupRoleAssignments: '',
    replaceGroupRoleAssignments: '',
    listResourcesForMembership: 'direct children of the parent; inherited access counts',
    listMembershipsForResource: '',
    listMembershipsForResourceByExternalId: '8.13.0 does not escape `/`, `?`, `#` and `%`',
    listEffectivePermissions: 'by the path of the SDK, and by that of the specification',
    listEffectivePermissionsByExternalId: '',
  }),
  ...offered('groups', {
    createGroup: '',
    listGroups: '',
    getGroup: '',
    updateGroup: 'from 10.0.0 on, a name alone clears the description: the SDK sends `null`',
    deleteGroup: '',
    addOrganizationMembership: '',
    listOrganizationMemberships: '',
    removeOrganizationMembership: '',
  }),
  ...offered('organizations', {
    createOrganization: '',
    listOrganizations: '',
    getOrganization: '',
    getOrganizationByExternalId: '',
    updateOrganization: '',
    deleteOrganization: '',
    listOrganizationRoles: 'the older route; `authorization.listOrganizationRoles` is the same',
  }),
  ...offered('userManagement', {
    createUser: '',
    listUsers: '',
    getUser: '',
    getUserByExternalId: '',
    updateUser: 'without passwords',
    deleteUser: '',
    createOrganizationMembership: '',
    listOrganizationMemberships: '',
    getOrganizationMembership: '',
    updateOrganizationMembership: '',
    deactivateOrganizationMembership: '',
    reactivateOrganizationMembership: '',
    deleteOrganizationMembership: '',
    listGroupsForOrganizationMembership: '',
    authenticateWithRefreshToken: 'sessions that the server issued, for development and tests',
    authenticateWithSessionCookie: '',
    loadSealedSession: '',
    listSessions: '',
    revokeSession: '',
    getLogoutUrl: '',
  }),
  ...local(
    'resolveClientId',
    'getJWKS',
    'getJwksUrl',
    'getSessionFromCookie',
    'isValidJwt',
    'prepareAuthenticationResponse',
    'sealSessionDataFromAuthenticationResponse',
  ),
  ...absent('userManagement', "signing in is the identity provider's", [
    'authenticateWithMagicAuth',
    'authenticateWithPassword',
    'authenticateWithCode',
    'authenticateWithCodeAndVerifier',
    'authenticateWithTotp',
    'authenticateWithEmailVerification',
    'authenticateWithOrganizationSelection',
    'authenticateWithRadarSmsChallenge',
    'authenticateWithRadarEmailChallenge',
    'sendRadarSmsChallenge',
    'getAuthorizationUrl',
    'getAuthorizationUrlWithPKCE',
    'getEmailVerification',
    'sendVerificationEmail',
    'verifyEmail',
    'getMagicAuth',
    'createMagicAuth',
    'getPasswordReset',
    'createPasswordReset',
    'resetPassword',
    'enrollAuthFactor',
    'listAuthFactors',
    'getUserIdentities',
  ]),
  ...absent('userManagement', "inviting people is the application's; create the membership as `pending`", [
    'getInvitation',
    'findInvitationByToken',
    'listInvitations',
    'sendInvitation',
    'acceptInvitation',
    'revokeInvitation',
    'resendInvitation',
    'listWaitlists',
    'getWaitlist',
    'listWaitlistEntries',
    'createWaitlistEntry',
    'approveWaitlistEntry',
    'denyWaitlistEntry',
    'deleteWaitlistEntry',
  ]),
  ...absent('userManagement', "keys of an application's own users decide nothing here", [
    'listUserApiKeys',
    'createUserApiKey',
  ]),
  ...absent('userManagement', 'feature flags decide nothing here', ['listUserFeatureFlags']),
  ...absent('organizations', 'feature flags decide nothing here', ['listOrganizationFeatureFlags']),
  ...absent('organizations', "keys of an application's own users decide nothing here", [
    'listOrganizationApiKeys',
    'createOrganizationApiKey',
  ]),
  ...absent('organizations', "the admin portal, to which they are invited, is WorkOS's own", [
    'listItContacts',
    'createItContact',
    'deleteItContact',
    'inviteItContact',
    'revokeItContact',
  ]),
])

type Entry = readonly [method: string, support: Support]

function offered(part: string, notes: Readonly<Record<string, string>>): readonly Entry[] {
  return Object.entries(notes).map(([name, note]) => [
    `${part}.${name}`,
    note === '' ? { kind: 'offered' } : { kind: 'offered', note },
  ])
}

function local(...names: readonly string[]): readonly Entry[] {
  return names.map((name) => [`userManagement.${name}`, { kind: 'local' }])
}

function absent(part: string, why: string, names: readonly string[]): readonly Entry[] {
  return names.map((name) => [`${part}.${name}`, { kind: 'absent', why }])
}
