import { createHash } from 'node:crypto'
import type { OrganizationId } from '@bailiwick/core'

const digits = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'

/** `org_domain_…`: a domain is known by its name, and has on the wire an id of its own that never changes. */
export function domainId(organizationId: OrganizationId, domain: string): `org_domain_${string}` {
  const hash = createHash('sha256').update(`${organizationId}\n${domain}`).digest()
  return `org_domain_${Array.from(hash.subarray(0, 26), (byte) => digits[byte & 31]).join('')}`
}
