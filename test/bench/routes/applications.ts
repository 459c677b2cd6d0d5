import type { Server } from 'node:net'
import { caslGuard, cedarExpress, clerkExpress, oauthExpress } from '../peers/guards.js'
import { bareExpress, guardedExpress, idleExpress } from './express-applications.js'
import { guardedNest, HeaderGuard, IdleGuard, plainNest } from './nest-applications.js'
import type { RouteWorld } from './world.js'

/** Starts one application of the bench. */
export type Application = (world: RouteWorld) => Server | Promise<Server>

/** The same routes on one platform, guarded in different ways. */
export interface Platform {
  readonly bare: Application
  /** What any guard costs at the least. */
  readonly floors: Readonly<Record<string, Application>>
  readonly guarded: Application
  readonly peers: Readonly<Record<string, Application>>
}

/** Everything that is compared, by the names that the tables show. */
export const platforms: Readonly<Record<string, Platform>> = {
  express: {
    bare: bareExpress,
    floors: { 'a guard that does nothing': idleExpress },
    guarded: guardedExpress,
    peers: {
      'express-oauth2-jwt-bearer': oauthExpress,
      'Cedar for Express, jose': cedarExpress,
      '@clerk/express, offline': clerkExpress,
    },
  },
  nest: {
    bare: () => plainNest('express'),
    floors: { 'a guard that does nothing': () => plainNest('express', IdleGuard) },
    guarded: (world) => guardedNest('express', world),
    peers: { 'CASL in a guard, jose': (world) => plainNest('express', caslGuard(world)) },
  },
  'nest-fastify': {
    bare: () => plainNest('fastify'),
    floors: {
      'a guard that does nothing': () => plainNest('fastify', IdleGuard),
      'a guard that writes the two headers alone': () => plainNest('fastify', HeaderGuard),
    },
    guarded: (world) => guardedNest('fastify', world),
    peers: {},
  },
}
