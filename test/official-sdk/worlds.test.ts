import { engineDoor } from '../doors/engine-door.js'
import { runWorlds } from '../doors/run-worlds.js'
import { sdkPlace } from './sdk-place.js'

runWorlds(engineDoor('a server, a remote engine, and both releases of the SDK', () => sdkPlace()))
