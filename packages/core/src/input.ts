import { InputInvalid } from './errors/input-errors.js'

/** The limits of what a caller may name; an error about one of them states the figure. */
export const limits = {
  slugLength: 48,
  externalIdLength: 128,
  userIdLength: 128,
  nameLength: 256,
  descriptionLength: 1_024,
  checksPerBatch: 100,
  typesPerModel: 50,
  childTypesPerType: 10,
  rolesPerMembership: 100,
  directoryGroupsPerMembership: 5_000,
  assignmentsPerReplace: 100,
  delegationChain: 10,
  pageSize: 100,
  resourcesPerScope: 10_000,
  metadataKeys: 50,
  metadataKeyLength: 40,
  metadataValueLength: 600,
  domainsPerOrganization: 100,
  domainLength: 253,
  emailLength: 254,
  urlLength: 2_048,
  localeLength: 35,
} as const

const printableAscii = /^[\x20-\x7e]+$/
const controls = /\p{Cc}/u

/**
 * The application's own id of a resource or an organization: 1 to 128 characters of printable ASCII, compared
 * byte by byte. Nothing is trimmed, lower-cased or normalised, so `Doc1` and `doc1` are two resources.
 *
 * @throws {InputInvalid} naming `field` and the limit.
 */
export function parseExternalId(value: unknown, field = 'externalId'): string {
  return parseAscii(value, field, limits.externalIdLength)
}

/** The `sub` of a token: 1 to 128 characters of printable ASCII. */
export function parseUserId(value: unknown, field = 'userId'): string {
  return parseAscii(value, field, limits.userIdLength)
}

/** A name for people: 1 to 256 characters, no control characters, well-formed Unicode. */
export function parseName(value: unknown, field = 'name'): string {
  if (typeof value !== 'string' || value.length === 0 || value.length > limits.nameLength) {
    throw new InputInvalid(field, `must be a string of 1 to ${limits.nameLength} characters`, value)
  }
  if (controls.test(value) || !isWellFormed(value)) {
    throw new InputInvalid(field, 'must be well-formed text without control characters', value)
  }
  return value
}

/** A longer text for people, or none: at most 1 024 characters; line breaks are fine. */
export function parseDescription(value: unknown, field = 'description'): string | null {
  if (value === null || value === undefined) return null
  if (typeof value !== 'string' || value.length > limits.descriptionLength || !isWellFormed(value)) {
    const rule = `must be well-formed text of at most ${limits.descriptionLength} characters, without NUL`
    throw new InputInvalid(field, rule, value)
  }
  return value
}

function parseAscii(value: unknown, field: string, most: number): string {
  if (typeof value !== 'string' || value.length === 0 || value.length > most || !printableAscii.test(value)) {
    throw new InputInvalid(field, `must be 1 to ${most} characters of printable ASCII`, value)
  }
  return value
}

/** Whether every surrogate has its other half, and nothing is NUL. */
// PostgreSQL reads neither from JSON: one such text would break every query by SQL that comes across it.
// String.prototype.isWellFormed is in Node 20, but not in the es2023 library that we compile against.
export function isWellFormed(value: string): boolean {
  return !/\0|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/.test(value)
}
