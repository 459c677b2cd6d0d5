/**
 * A process that reads an organization from PostgreSQL, to be given little memory: `node load-organization.js <how>
 * <connection string> <organization> <resource> <membership>`. Says what the membership may do there.
 */
import { type OrganizationId, parseMembershipId, parseResourceId } from '@bailiwick/core'
import { openEngine } from '@bailiwick/engine'
import { postgres } from '@bailiwick/engine/postgres'

const [how, connectionString = '', organization = '', resource = '', membership = ''] = process.argv.slice(2)
const organizationId = organization as OrganizationId
const store = await postgres(connectionString)()
if (how === 'whole') console.log([...((await store.load(organizationId))?.entities ?? [])].length)
const engine = await openEngine({ store: async () => store })
const question = {
  organizationId,
  subject: { membershipId: parseMembershipId(membership) },
  permission: 'folder:edit',
  resource: { resourceId: parseResourceId(resource) },
}
console.log((await engine.check(question)).kind)
await engine.close()
