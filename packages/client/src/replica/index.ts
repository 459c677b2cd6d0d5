export { replicaEngine } from './replica-engine.js'
export type { ReplicaOptions } from './replica-options.js'
