import { expressDoor } from './express-door.js'
import { runWorlds } from './run-worlds.js'

runWorlds(expressDoor())
