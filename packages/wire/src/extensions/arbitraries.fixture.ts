import type {
  Allow,
  Assignment,
  CheckQuestion,
  Decision,
  Deny,
  DirectoryMapping,
  Exclusion,
  ExclusionHit,
  Explanation,
  Grant,
  IdKind,
  NearestMiss,
  PermissionsQuestion,
  ResourceAddress,
  ResourceRef,
  ResourcesQuestion,
  Scope,
  ScopeQuestion,
  SubjectKey,
  SubjectRef,
  SubjectsQuestion,
} from '@bailiwick/core'
import { idPrefixes } from '@bailiwick/core'
import fc from 'fast-check'

type Any<Value> = fc.Arbitrary<Value>

const letters = (characters: string, most: number) =>
  fc.string({ unit: fc.constantFrom(...characters), minLength: 1, maxLength: most })

function id<Id>(kind: IdKind): Any<Id> {
  return letters('0123456789ABCDEFabcdef_-', 64).map((rest) => `${idPrefixes[kind]}_${rest}` as Id)
}

// Names that trip over objects used as dictionaries stand among the ordinary ones.
const slug = fc.oneof(
  letters('abc:-_.', 48),
  fc.constantFrom('constructor', '__proto__', 'to.string', 'project:*'),
)
const external = fc.oneof(
  fc.string({ unit: 'grapheme-ascii', minLength: 1, maxLength: 128 }),
  fc.constantFrom('a/b', '..', 'a%2Fb', '#', 'org:1|2,3@4', '__proto__'),
)
const at = fc
  .date({ min: new Date(0), max: new Date('2100-01-01'), noInvalidDate: true })
  .map((date) => date.toISOString())

// Parsed objects are plain ones, and so must be what they are compared with.
function complete<Value>(fields: { [Name in keyof Value]: Any<Value[Name]> }): Any<Value> {
  return fc.record(fields, { noNullPrototype: true })
}

/** A record whose named fields may be absent, as `exactOptionalPropertyTypes` has it. */
function record<Value>(
  fields: { [Name in keyof Value]-?: Any<Exclude<Value[Name], undefined>> },
  ...required: readonly (keyof Value & string)[]
): Any<Value> {
  return fc.record(fields as never, { requiredKeys: required as never, noNullPrototype: true }) as Any<Value>
}

export const addresses: Any<ResourceAddress> = complete({
  id: id<ResourceAddress['id']>('resource'),
  type: slug,
  externalId: external,
})

export const resourceRefs: Any<ResourceRef> = fc.oneof(
  complete({ resourceId: id<ResourceAddress['id']>('resource') }),
  complete({ type: slug, externalId: external }),
)

export const subjectKeys = fc.oneof(
  complete({ kind: fc.constant('membership'), id: id('membership') }),
  complete({ kind: fc.constant('group'), id: id('group') }),
  complete({ kind: fc.constant('agent'), id: id('resource') }),
) as Any<SubjectKey>

export const subjectRefs = fc.oneof(
  complete({ membershipId: id('membership') }),
  complete({ userId: external }),
  complete({ groupId: id('group') }),
  complete({ agent: resourceRefs }),
) as Any<SubjectRef>

const asking = {
  organizationId: id<CheckQuestion['organizationId']>('organization'),
  subject: subjectRefs,
  onBehalfOf: fc.array(subjectRefs, { maxLength: 10 }),
}

export const checkQuestions = record<CheckQuestion>(
  { ...asking, permission: slug, resource: resourceRefs },
  'organizationId',
  'subject',
  'permission',
)

export const permissionsQuestions = record<PermissionsQuestion>(
  { ...asking, resource: resourceRefs },
  'organizationId',
  'subject',
)

export const scopeQuestions = record<ScopeQuestion>(
  { ...asking, permission: slug, type: slug },
  'organizationId',
  'subject',
  'permission',
  'type',
)

export const resourcesQuestions = record<ResourcesQuestion>(
  {
    ...asking,
    permission: slug,
    type: slug,
    under: resourceRefs,
    depth: fc.constantFrom('subtree', 'children'),
  },
  'organizationId',
  'subject',
  'permission',
  'type',
)

export const subjectsQuestions = record<SubjectsQuestion>(
  {
    organizationId: asking.organizationId,
    permission: slug,
    resource: resourceRefs,
    kind: fc.constantFrom('membership', 'group', 'agent'),
    access: fc.constantFrom('any', 'direct'),
  },
  'organizationId',
  'permission',
)

const held = { role: slug, on: addresses }

export const grants = fc.oneof(
  complete({
    from: fc.constantFrom('session' as const, 'service' as const),
    organizationId: asking.organizationId,
    permission: slug,
  }),
  complete({ from: fc.constant('membership'), ...held }),
  complete({ from: fc.constant('assignment'), assignmentId: id('assignment'), ...held }),
  complete({
    from: fc.constant('group'),
    groupId: id('group'),
    assignmentId: id('assignment'),
    ...held,
  }),
  complete({
    from: fc.constant('directory'),
    mappingId: id('mapping'),
    directoryGroup: fc.string({ minLength: 1, maxLength: 40 }),
    ...held,
  }),
  complete({
    from: fc.constant('permission'),
    exclusionId: id('exclusion'),
    holder: subjectKeys,
    on: addresses,
  }),
) as Any<Grant>

export const nearestMisses: Any<NearestMiss> = complete(held)
export const exclusionHits = complete({
  exclusionId: id('exclusion'),
  holder: subjectKeys,
  on: addresses,
}) as Any<ExclusionHit>

const someGrants = fc.array(grants, { minLength: 1, maxLength: 4 }) as unknown as Any<Allow['grants']>

export const allows = record<Allow>(
  {
    kind: fc.constant('allow' as const),
    grants: someGrants,
    delegations: fc.array(complete({ onBehalfOf: subjectRefs, grants: someGrants }), { maxLength: 3 }),
  },
  'kind',
  'grants',
)

export const denials = record<Deny>(
  {
    kind: fc.constant('deny' as const),
    reason: fc.constantFrom('membership_unknown', 'membership_inactive', 'excluded', 'no_grant'),
    nearestMisses: fc.array(nearestMisses, { maxLength: 4 }),
    exclusions: fc.array(exclusionHits, { maxLength: 3 }),
    onBehalfOf: subjectRefs,
  },
  'kind',
  'reason',
  'nearestMisses',
)

export const decisions: Any<Decision> = fc.oneof(allows, denials)

export const explanations: Any<Explanation> = complete({
  question: checkQuestions,
  decision: decisions,
  path: fc.array(addresses, { maxLength: 6 }),
  sentences: fc.array(fc.string(), { maxLength: 3 }),
  revision: fc.nat(),
})

export const scopes = fc.oneof(
  complete({ kind: fc.constant('none') }),
  complete({ kind: fc.constant('all'), organizationId: asking.organizationId, type: slug }),
  complete({
    kind: fc.constant('some'),
    organizationId: asking.organizationId,
    type: slug,
    within: fc.array(addresses, { minLength: 1, maxLength: 5 }),
    except: fc.array(addresses, { maxLength: 3 }),
  }),
) as Any<Scope>

const stored = {
  organizationId: asking.organizationId,
  resourceId: id<ResourceAddress['id']>('resource'),
  createdAt: at,
  updatedAt: at,
}

export const assignments: Any<Assignment> = complete({
  ...stored,
  id: id<Assignment['id']>('assignment'),
  subject: subjectKeys,
  role: slug,
})

export const mappings: Any<DirectoryMapping> = complete({
  ...stored,
  id: id<DirectoryMapping['id']>('mapping'),
  directoryGroup: fc.string({ minLength: 1, maxLength: 60 }),
  role: slug,
})

export const exclusions: Any<Exclusion> = complete({
  ...stored,
  id: id<Exclusion['id']>('exclusion'),
  subject: subjectKeys,
  effect: fc.constantFrom('deny', 'allow'),
  permission: slug,
})
