import { engineDoor } from '../doors/engine-door.js'
import { runWorlds } from '../doors/run-worlds.js'
import { replicaPlace } from './replica-place.js'

runWorlds(engineDoor('a replica of a server', replicaPlace))
