import { engineDoor } from '../doors/engine-door.js'
import { runWorlds } from '../doors/run-worlds.js'
import { remotePlace } from './remote-place.js'

runWorlds(engineDoor('a remote engine and a server', remotePlace))
