export { discardUnfinished, type PostgresOptions, postgres } from './postgres.js'
