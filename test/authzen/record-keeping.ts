import { defineModel, type OrganizationId } from '@bailiwick/core'
import { type RawAnswer, type RawRequest, request } from '../server/request.js'
import { type StartedServer, type StartOptions, startServer } from '../server/start-server.js'

/** The organization of the certification's fixture. */
export const records = 'org_records' as OrganizationId

/** The actions of the fixture are permissions of its one type of resource. */
const model = defineModel({
  resourceTypes: {
    record: { parents: ['organization'] },
    robot: { parents: ['organization'], agent: true },
    droid: { parents: ['organization'], agent: true },
  },
  permissions: { read: 'record', write: 'record', delete: 'record' },
  roles: {
    reader: { on: 'record', permissions: ['read'] },
    writer: { on: 'record', permissions: ['read', 'write'] },
  },
})

/** A decision point, loaded with the fixture. */
export interface DecisionPoint extends StartedServer {
  /** Ask the decision point of the fixture's organization: its requests name none. */
  readonly ask: (path: string, body: unknown, raw?: Partial<RawRequest>) => Promise<RawAnswer>
  /** Ask the decision point of all organizations. */
  readonly askAny: (path: string, body: unknown) => Promise<RawAnswer>
}

/**
 * Load a server with the certification's fixture, as far as roles express it: Alice writes `record-1` and reads
 * `record-2`; Bob reads `record-1` and writes `record-2`.
 *
 * @see AuthZEN 1.0 certification scenario, "Required Fixture"
 */
export async function startDecisionPoint(options: StartOptions = {}): Promise<DecisionPoint> {
  const server = await startServer({ model, ...options })
  const { engine } = server
  await engine.createOrganization({ id: records, name: 'Records' })
  for (const userId of ['alice', 'bob']) await engine.createMembership({ organizationId: records, userId })
  for (const [type, externalId] of [
    ['record', 'record-1'],
    ['record', 'record-2'],
    ['robot', 'r2'],
    ['droid', 'd6'],
  ] as const) {
    await engine.createResource({ organizationId: records, type, externalId, name: externalId })
  }
  for (const [userId, role, externalId] of [
    ['alice', 'writer', 'record-1'],
    ['alice', 'reader', 'record-2'],
    ['bob', 'reader', 'record-1'],
    ['bob', 'writer', 'record-2'],
  ] as const) {
    const resource = { type: 'record', externalId }
    await engine.assignRole({ organizationId: records, subject: { userId }, role, resource })
  }
  const send = (path: string, body: unknown, raw: Partial<RawRequest> = {}) =>
    request(server, { method: 'POST', path, ...(body === undefined ? {} : { body }), ...raw })
  return {
    ...server,
    ask: (path, body, raw) => send(`/organizations/${records}/access/v1/${path}`, body, raw),
    askAny: (path, body) => send(`/access/v1/${path}`, body),
  }
}
