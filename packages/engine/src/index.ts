export { type EngineOptions, openEngine } from './open-engine.js'
export { memoryStore } from './store/memory-store.js'
export type { AppendResult, CommitDraft, LoadedShard, Located, Store, StoreOpener } from './store/store.js'
