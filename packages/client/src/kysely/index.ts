export { whereInScope } from './where-in-scope.js'
