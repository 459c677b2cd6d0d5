export { sqlite } from './sqlite.js'
