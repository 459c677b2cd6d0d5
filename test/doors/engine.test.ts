import { engineDoor } from './engine-door.js'
import { memoryPlace, sqlitePlace } from './engine-places.js'
import { oracleDoor } from './oracle-door.js'
import { runWorlds } from './run-worlds.js'

runWorlds(oracleDoor())
runWorlds(engineDoor('the engine over a memory store', memoryPlace))
runWorlds(engineDoor('the engine over an SQLite file', sqlitePlace))
