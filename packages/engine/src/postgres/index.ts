export { type PostgresOptions, postgres, restoreAlone } from './postgres.js'
