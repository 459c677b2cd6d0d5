import { posix } from 'node:path'
import { isTest, type Package } from './read-house.js'
import { importsOf } from './read-imports.js'

const scope = '@bailiwick/'

/** Who may import whom. What is not listed here has no place in the house yet. */
const arrows: Readonly<Record<string, readonly string[]>> = {
  core: [],
  wire: ['core'],
  warrants: ['core'],
  engine: ['core'],
  client: ['core', 'wire'],
  express: ['client', 'core'],
  fastify: ['client', 'core'],
  hono: ['client', 'core'],
  mcp: ['client', 'core'],
  nest: ['client', 'core'],
  testing: ['client', 'engine', 'core'],
  server: ['engine', 'warrants', 'wire', 'core'],
  cli: ['server', 'client', 'engine', 'warrants', 'core'],
  dashboard: ['wire'],
}

/** Doors that may import more than the rest of their package. */
const wideDoors: Readonly<Record<string, readonly string[]>> = { 'client/replica': ['engine'] }

/** Every import and every dependency that goes against the arrows, as sentences that say what to do. */
export function brokenArrows(house: readonly Package[]): readonly string[] {
  return [
    ...house.flatMap(withoutPlace),
    ...house.flatMap((from) =>
      from.files.flatMap(({ path, text }) => importsAgainst(house, from, path, text)),
    ),
    ...house.flatMap(dependenciesAgainst),
    ...house.flatMap((each) => undeclared(house, each)),
    ...house.flatMap(throughTheWall),
  ]
}

function withoutPlace({ name }: Package): readonly string[] {
  return Object.hasOwn(arrows, name)
    ? []
    : [`packages/${name} has no place in the house: say in test/house/arrows.ts what it may import`]
}

function importsAgainst(
  house: readonly Package[],
  from: Package,
  path: string,
  text: string,
): readonly string[] {
  const file = `packages/${from.name}/${path}`
  return importsOf(text).flatMap((specifier) => {
    if (specifier.startsWith('.')) return leaves(file, path, specifier)
    if (!specifier.startsWith(scope)) {
      return from.name === 'core' && !isTest(path)
        ? [`${file} imports ${specifier}: core has no I/O and no dependencies, so pass in what it needs`]
        : []
    }
    const [name = '', ...door] = specifier.slice(scope.length).split('/')
    return [
      ...(isTest(path) || mayImport(from.name, path, name) ? [] : [against(file, from.name, specifier)]),
      ...behindDoors(house, file, name, door.join('/')),
    ]
  })
}

function mayImport(from: string, path: string, to: string): boolean {
  const [, directory] = path.split('/')
  return [...(arrows[from] ?? []), ...(wideDoors[`${from}/${directory}`] ?? [])].includes(to)
}

function against(file: string, from: string, specifier: string): string {
  const allowed = (arrows[from] ?? []).map((name) => scope + name).join(', ') || 'no other package'
  return `${file} imports ${specifier}: ${from} may import ${allowed}; move the code, or let the caller pass it in`
}

function behindDoors(house: readonly Package[], file: string, name: string, door: string): readonly string[] {
  const to = house.find((candidate) => candidate.name === name)
  if (to === undefined) return [`${file} imports ${scope}${name}, and there is no such package`]
  const entry = door === '' ? '.' : `./${door}`
  if (Object.hasOwn(to.manifest.exports ?? {}, entry)) return []
  const doors = doorsOf(to).map((one) => posix.join(scope + name, one))
  return [`${file} imports the inside of ${scope}${name}: come in through ${doors.join(' or ')}`]
}

function leaves(file: string, path: string, specifier: string): readonly string[] {
  const target = posix.join(posix.dirname(path), specifier)
  return target.startsWith('src/')
    ? []
    : [`${file} imports ${specifier}, outside of its own sources: import the package by its name`]
}

function dependenciesAgainst({ name, manifest }: Package): readonly string[] {
  const named = [...Object.keys(manifest.dependencies ?? {}), ...Object.keys(manifest.peerDependencies ?? {})]
  const wide = doorsOf({ manifest }).flatMap((door) => wideDoors[posix.join(name, door)] ?? [])
  const allowed = [...(arrows[name] ?? []), ...wide]
  return named
    .filter((dependency) =>
      dependency.startsWith(scope) ? !allowed.includes(dependency.slice(scope.length)) : name === 'core',
    )
    .map(
      (dependency) =>
        `packages/${name}/package.json depends on ${dependency}, which ${name} may not import: remove it, or make it a devDependency if only tests need it`,
    )
}

/**
 * What ships must find at the user's all that it imports, and nothing that it does not; but what a package of ours leaves
 * to its user to bring along, the user of it that we are brings along.
 */
function undeclared(house: readonly Package[], { name, manifest, files }: Package): readonly string[] {
  const declared = new Set([
    ...Object.keys(manifest.dependencies ?? {}),
    ...Object.keys(manifest.peerDependencies ?? {}),
  ])
  const shipped = files.filter(({ path }) => !isTest(path))
  const used = new Set(
    shipped.flatMap(({ text }) =>
      importsOf(text)
        .filter((specifier) => !/^(\.|node:)/.test(specifier))
        .map(packageOf),
    ),
  )
  const missing = [...used].filter((dependency) => !declared.has(dependency) && dependency !== scope + name)
  const left = house
    .filter((other) => Object.hasOwn(manifest.dependencies ?? {}, scope + other.name))
    .flatMap((other) => Object.keys(other.manifest.peerDependencies ?? {}))
  const idle = Object.keys(manifest.dependencies ?? {}).filter(
    (dependency) => !used.has(dependency) && !left.includes(dependency),
  )
  return [
    ...missing.map((dependency) => `packages/${name} imports ${dependency}: add it to its dependencies`),
    ...idle.map(
      (dependency) => `packages/${name} never imports ${dependency}: remove it from its dependencies`,
    ),
  ]
}

/**
 * A door of its own (`/sqlite`) keeps what lies behind it out of the main entry: whoever does not open it does
 * not load it. Inside of the package nobody climbs through the wall.
 */
function throughTheWall({ name, manifest, files }: Package): readonly string[] {
  const rooms = doorsOf({ manifest })
    .filter((door) => door !== '.')
    .map((door) => `src/${door.slice(2)}/`)
  return files.flatMap(({ path, text }) => {
    if (isTest(path)) return []
    const targets = importsOf(text)
      .filter((specifier) => specifier.startsWith('.'))
      .map((specifier) => posix.join(posix.dirname(path), specifier))
    const entered = rooms.filter(
      (room) => !path.startsWith(room) && targets.some((target) => target.startsWith(room)),
    )
    return entered.map(
      (room) =>
        `packages/${name}/${path} imports from ${room}, which has a door of its own: move what both need outside of it`,
    )
  })
}

function doorsOf({ manifest }: Pick<Package, 'manifest'>): readonly string[] {
  return Object.keys(manifest.exports ?? {}).filter((entry) => !entry.endsWith('.json'))
}

function packageOf(specifier: string): string {
  return specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/')
}
