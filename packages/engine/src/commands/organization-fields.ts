import {
  InputInvalid,
  limits,
  type OrganizationChanges,
  type OrganizationDomain,
  parseExternalId,
  parseMetadata,
  parseName,
} from '@bailiwick/core'

/** What may be said of an organization: what is left out is `undefined`. @throws {InputInvalid} */
export function parseOrganizationFields({ name, externalId, domains, metadata }: OrganizationChanges) {
  return {
    name: name === undefined ? undefined : parseName(name),
    externalId: externalId === undefined || externalId === null ? externalId : parseExternalId(externalId),
    domains: domains === undefined ? undefined : parseDomains(domains),
    metadata: metadata === undefined ? undefined : parseMetadata(metadata),
  }
}

const states: readonly OrganizationDomain['state'][] = ['verified', 'pending', 'failed']
const domainName = /^[\x21-\x7e]+$/

function parseDomains(value: readonly OrganizationDomain[]): readonly OrganizationDomain[] {
  const most = limits.domainsPerOrganization
  if (!Array.isArray(value) || value.length > most)
    throw new InputInvalid('domains', `must be an array of at most ${most} domains`, value)
  const domains = value.map(parseDomain)
  const distinct = new Set(domains.map(({ domain }) => domain.toLowerCase()))
  if (distinct.size !== domains.length) throw new InputInvalid('domains', 'must name each domain once', value)
  return domains
}

function parseDomain(value: OrganizationDomain): OrganizationDomain {
  const { domain, state } = value ?? {}
  if (typeof domain !== 'string' || domain.length > limits.domainLength || !domainName.test(domain)) {
    const rule = `must be 1 to ${limits.domainLength} characters of printable ASCII without spaces`
    throw new InputInvalid('domain', rule, domain)
  }
  if (!states.includes(state))
    throw new InputInvalid('domain state', `must be one of ${states.join(', ')}`, state)
  return { domain, state }
}
