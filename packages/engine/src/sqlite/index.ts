export { readLinks } from './read-links.js'
export { sqlite } from './sqlite.js'
