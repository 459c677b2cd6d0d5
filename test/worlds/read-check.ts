import type { DenyReason } from '@bailiwick/core'
import { organizationIdOf, readResource, readSubject } from './names.js'
import type { Details, Expected, ExpectedAnswer } from './world.js'

/**
 * Read a check with its answer, from a sentence such as
 * `ada may project:edit on project/web in acme because workspace-admin on workspace/eng`.
 *
 * @param home - The organization that is meant where a sentence names none.
 * @throws when it is no such sentence. Every answer says why, so that a slip cannot pass for a deny.
 */
export function readCheck(
  sentence: string,
  home: string | undefined,
  details: Details = noDetails,
): Expected {
  const words = pattern.exec(sentence)?.groups
  if (words === undefined) throw new Error(`"${sentence}" is no check; ${example}`)
  const organization = words.in ?? home
  const { person = '', permission = '', why = '', resource } = words
  if (organization === undefined)
    throw new Error(`"${sentence}" does not say where: add \`in <organization>\``)
  const organizationId = organizationIdOf(organization)
  const owner = words.owner === undefined ? organizationId : organizationIdOf(words.owner)
  return {
    sentence,
    organizationId,
    subject: readSubject(person, words.employer ?? organization),
    onBehalfOf: (words.parties?.split(' and ') ?? []).map((party) => readSubject(party, organization)),
    permission,
    resource:
      resource === undefined ? undefined : { ...readResource(resource, owner), organizationId: owner },
    answer: words.not === undefined ? readGrants(why) : readReason(why),
    ...details,
  }
}

const noDetails: Details = {
  nearest: undefined,
  path: undefined,
  delegations: undefined,
  exclusions: undefined,
  sentences: undefined,
}

const pattern = new RegExp(
  [
    '^(?<person>\\S+)(?: of (?<employer>\\S+))?(?: for (?<parties>\\S+(?: and \\S+)*))?',
    ' may (?<not>not )?(?<permission>\\S+)',
    '(?: on (?<resource>\\S+)(?: of (?<owner>\\S+))?)?(?: in (?<in>\\S+))? because (?<why>.+)$',
  ].join(''),
)

const example =
  'write "ada may project:edit on project/web because editor on project/web", or "ada may not … because no_grant"'

function readGrants(why: string): ExpectedAnswer {
  const grants = why.split(' and ')
  const odd = grants.find(
    (grant) => !/^(permission )?\S+( on \S+)?( through \S+| mapped from \S+)?$/.test(grant),
  )
  if (odd !== undefined)
    throw new Error(
      `"${odd}" is no grant: write \`member\`, \`editor on project/web\`, \`editor on project/web through group/x\`, \`editor on project/web mapped from X\` or \`permission on project/web\``,
    )
  return { kind: 'allow', grants }
}

function readReason(text: string): ExpectedAnswer {
  const [why = '', party] = text.split(' for ')
  if (!isReason(why)) {
    throw new Error(`"${why}" is no reason for a deny; there are ${Object.keys(reasons).join(', ')}`)
  }
  return { kind: 'deny', reason: why, party }
}

const reasons: Readonly<Record<Exclude<DenyReason, 'organization_mismatch'>, true>> = {
  organization_unknown: true,
  membership_unknown: true,
  membership_inactive: true,
  group_unknown: true,
  agent_unknown: true,
  resource_unknown: true,
  excluded: true,
  no_grant: true,
}

function isReason(why: string): why is keyof typeof reasons {
  return Object.hasOwn(reasons, why)
}
