import { nestDoor } from './nest-door.js'
import { runWorlds } from './run-worlds.js'

runWorlds(nestDoor('Express'))
runWorlds(nestDoor('Fastify'))
