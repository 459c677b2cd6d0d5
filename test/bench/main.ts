import { benchCheck } from './check.js'
import { benchRoutes } from './routes.js'
import { benchToken } from './token.js'

const short = process.argv.includes('--short')
const effort = short ? { rounds: 3, ms: 150 } : { rounds: 9, ms: 400 }

console.log(
  `node ${process.version}, ${short ? 'short' : 'full'} run: ratios hold within it, times do not travel`,
)
await benchCheck(effort)
await benchToken(effort)
await benchRoutes(effort)
