export { createNestApp } from './create-nest-app.js'
