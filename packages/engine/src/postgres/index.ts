export { type PostgresOptions, postgres } from './postgres.js'
