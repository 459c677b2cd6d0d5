import { sizeL, sizeM, sizeOne, sizeS, sizeSmallM, sizeSmallOne } from '../workload/sizes.js'
import type { Section } from './section.js'

const once = { full: [sizeS], short: [sizeS] }
const growing = { full: [sizeS, sizeM, sizeL], short: [sizeS, sizeSmallM] }
const atScale = { full: [sizeL], short: [sizeM] }
const onDisk = { full: [sizeSmallM], short: [sizeSmallM] }
const inOne = { full: [sizeOne], short: [sizeSmallOne] }
const served = { full: [sizeM], short: [sizeM] }

/** Everything that is measured, in order. A section is loaded where it runs only, with the libraries it needs. */
export const sections: readonly Section[] = [
  {
    name: 'check',
    sizes: growing,
    run: async (size, effort) => (await import('./check.js')).runCheck(size, effort),
  },
  {
    name: 'lists',
    sizes: growing,
    run: async (size, effort) => (await import('./lists.js')).runLists(size, effort),
  },
  { name: 'pages', sizes: once, run: async (_, effort) => (await import('./pages.js')).runPages(effort) },
  {
    name: 'explanation',
    sizes: once,
    run: async (size, effort) => (await import('./explanation.js')).runExplanation(size, effort),
  },
  { name: 'memory', sizes: atScale, run: async (size) => (await import('./memory.js')).runMemory(size) },
  {
    name: 'load',
    sizes: atScale,
    run: async (size, effort) => (await import('./load.js')).runLoad(size, effort),
  },
  {
    name: 'writes',
    sizes: onDisk,
    run: async (size, effort) => (await import('./writes.js')).runWrites(size, effort),
  },
  {
    name: 'neighbours',
    sizes: onDisk,
    run: async (size, effort) => (await import('./neighbours.js')).runNeighbours(size, effort),
  },
  {
    name: 'server',
    sizes: served,
    run: async (size, effort) => (await import('./server.js')).runServer(size, effort),
  },
  {
    name: 'remote',
    sizes: served,
    run: async (size, effort) => (await import('./remote.js')).runRemote(size, effort),
  },
  {
    name: 'replica',
    sizes: onDisk,
    run: async (size, effort) => (await import('./replica.js')).runReplica(size, effort),
  },
  {
    name: 'postgres',
    sizes: inOne,
    run: async (size, effort) => (await import('./postgres.js')).runPostgres(size, effort),
  },
  {
    name: 'token',
    sizes: once,
    run: async (_, effort) => (await import('../token.js')).benchToken(effort),
  },
  {
    name: 'routes',
    sizes: once,
    run: async () => (await import('../routes/routes.js')).benchRoutes(),
  },
  {
    name: 'types',
    sizes: once,
    run: async (_, effort) => (await import('../types/types.js')).benchTypes(effort),
  },
]
