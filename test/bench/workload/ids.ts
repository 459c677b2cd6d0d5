const alphabet = Buffer.from('0123456789ABCDEFGHJKMNPQRSTVWXYZ', 'latin1')
const firstMs = 1_767_225_600_000
const text = Buffer.alloc(64)

/** The families of ids of a workload. Within a family, ids sort by their index. */
export type IdFamily = keyof typeof families

const families = {
  organization: { prefix: 'org_', salt: 1 },
  membership: { prefix: 'om_', salt: 2 },
  user: { prefix: 'user_', salt: 3 },
  group: { prefix: 'group_', salt: 4 },
  resource: { prefix: 'authz_resource_', salt: 5 },
  assignment: { prefix: 'role_assignment_', salt: 6 },
  workspace: { prefix: 'ws_', salt: 7 },
  project: { prefix: 'proj_', salt: 8 },
  app: { prefix: 'app_', salt: 9 },
} as const

/**
 * The id of the thing with this index: a prefix and a ULID, as the engine makes them. Every call makes a new
 * string whose hash nobody has computed yet, as an id that has just come in over HTTP.
 */
export function idOf(family: IdFamily, index: number): string {
  const { prefix, salt } = families[family]
  let at = text.write(prefix, 0, 'latin1')
  const ms = firstMs + index
  at = writeBits(at, Math.floor(ms / 2 ** 25), 5)
  at = writeBits(at, ms % 2 ** 25, 5)
  const chance = mixed(index, salt)
  at = writeBits(at, chance >>> 2, 6)
  at = writeBits(at, mixed(chance, salt + 100) >>> 2, 6)
  at = writeBits(at, mixed(chance, salt + 200) >>> 12, 4)
  return text.toString('latin1', 0, at)
}

function writeBits(at: number, value: number, characters: number): number {
  for (let i = characters - 1, rest = value; i >= 0; i--, rest >>>= 5)
    text[at + i] = alphabet[rest & 31] as number
  return at + characters
}

function mixed(value: number, salt: number): number {
  let hash = Math.imul(value ^ Math.imul(salt, 0x9e3779b1), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return (hash ^ (hash >>> 16)) >>> 0
}
