import {
  limits,
  type NewOrganization,
  type Organization,
  type OrganizationChanges,
  type OrganizationDomain,
} from '@bailiwick/core'
import { z } from 'zod'
import { externalId, organizationId } from '../ids.js'
import { longName, timestamp } from '../primitives.js'
import { domainId } from './domain-id.js'
import { metadataChanges, metadataJson } from './metadata.js'

const domainState = z.enum(['verified', 'pending', 'failed'])

/** A domain of an organization, as it is answered. */
export const organizationDomainJson = z.object({
  object: z.literal('organization_domain'),
  id: z.string(),
  organization_id: organizationId,
  domain: z.string(),
  // WorkOS has one state more, for domains of before there were states.
  state: z.enum([...domainState.options, 'legacy_verified']),
  verification_strategy: z.string().optional(),
  created_at: timestamp,
  updated_at: timestamp,
})

/** An organization, as it is answered. */
export const organizationJson = z
  .object({
    object: z.literal('organization'),
    id: organizationId,
    name: z.string(),
    allow_profiles_outside_organization: z.boolean().optional(),
    domains: z.array(organizationDomainJson),
    metadata: metadataJson,
    external_id: z.string().nullable(),
    created_at: timestamp,
    updated_at: timestamp,
  })
  .meta({ id: 'Organization' })

export type OrganizationJson = z.output<typeof organizationJson>

const domainName = z
  .string()
  .min(3)
  .max(limits.domainLength)
  .regex(/^[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+$/, 'must be the name of a domain, such as `acme.example`')
  .transform((domain) => domain.toLowerCase())

const fields = {
  domain_data: z
    .array(z.object({ domain: domainName, state: domainState.default('pending') }))
    .max(limits.domainsPerOrganization)
    .optional(),
  external_id: externalId.nullable().optional(),
  metadata: metadataChanges.optional(),
}

/** An organization to be made. `id` is ours: one that the identity provider has given already. */
export const newOrganizationJson = z.object({ name: longName, id: organizationId.optional(), ...fields })

/** What changes of an organization. */
export const organizationChangesJson = z.object({ name: longName.optional(), ...fields })

export function renderOrganization(organization: Organization): OrganizationJson {
  const stamps = { created_at: organization.createdAt, updated_at: organization.updatedAt }
  return {
    object: 'organization',
    id: organization.id,
    name: organization.name,
    allow_profiles_outside_organization: false,
    domains: organization.domains.map(({ domain, state }) => ({
      object: 'organization_domain',
      id: domainId(organization.id, domain),
      organization_id: organization.id,
      domain,
      state,
      verification_strategy: 'manual',
      ...stamps,
    })),
    metadata: { ...organization.metadata },
    external_id: organization.externalId,
    ...stamps,
  }
}

export function parseOrganization(json: OrganizationJson): Organization {
  return {
    id: json.id,
    name: json.name,
    externalId: json.external_id,
    domains: json.domains.map(({ domain, state }) => ({
      domain,
      state: state === 'legacy_verified' ? 'verified' : state,
    })),
    metadata: json.metadata,
    createdAt: json.created_at,
    updatedAt: json.updated_at,
  }
}

export function parseNewOrganization(json: z.output<typeof newOrganizationJson>): NewOrganization {
  const { name, id, external_id } = json
  return {
    name,
    ...(id === undefined ? {} : { id }),
    ...(typeof external_id === 'string' ? { externalId: external_id } : {}),
    ...parseDomains(json),
    ...(json.metadata === undefined ? {} : { metadata: json.metadata }),
  }
}

export function parseOrganizationChanges(
  json: z.output<typeof organizationChangesJson>,
): OrganizationChanges {
  const { name, external_id, metadata } = json
  return {
    ...(name === undefined ? {} : { name }),
    ...(external_id === undefined ? {} : { externalId: external_id }),
    ...parseDomains(json),
    ...(metadata === undefined ? {} : { metadata }),
  }
}

/** The JSON in which a client asks for an organization. */
export function renderNewOrganization(organization: NewOrganization): z.input<typeof newOrganizationJson> {
  const { name, id, externalId, domains, metadata } = organization
  return {
    name,
    ...(id === undefined ? {} : { id }),
    ...(externalId === undefined ? {} : { external_id: externalId }),
    ...(domains === undefined ? {} : { domain_data: domains.map((domain) => ({ ...domain })) }),
    ...(metadata === undefined ? {} : { metadata: { ...metadata } }),
  }
}

function parseDomains({ domain_data }: { domain_data?: OrganizationDomain[] | undefined }): {
  readonly domains?: readonly OrganizationDomain[]
} {
  return domain_data === undefined ? {} : { domains: domain_data }
}
