import { drawQuestions, freshQuestions } from '../workload/questions.js'
import type { Workload } from '../workload/workload.js'

/** Checks as the SDK of WorkOS sends them, as whole HTTP requests. */
export function checkRequests(workload: Workload, host: string, apiKey: string): readonly string[] {
  // What is in another organization is answered with 404 there, and costs other things than a decision.
  const asked = drawQuestions(workload, 100).filter(({ category }) => category !== 'other organization')
  return freshQuestions(workload, asked).map(({ membershipId, permission, type, externalId }) => {
    const body = JSON.stringify({
      permission_slug: permission,
      resource_external_id: externalId,
      resource_type_slug: type,
    })
    return [
      `POST /authorization/organization_memberships/${membershipId}/check HTTP/1.1`,
      `host: ${host}`,
      'accept: application/json',
      'content-type: application/json',
      `authorization: Bearer ${apiKey}`,
      `content-length: ${Buffer.byteLength(body)}`,
      '',
      body,
    ].join('\r\n')
  })
}
