export { type ChainVerdict, linksOf, verifyChain } from './chain/verify-chain.js'
export { type Reached, readToken } from './consistency-token.js'
export type { EmbeddedEngine } from './embedded-engine.js'
export type { Reach } from './environment/count-reach.js'
export { type ModelPlan, type ModelStep, planModel } from './environment/plan-model.js'
export type { PermissionHandle } from './handles/permission-handle.js'
export type { ResourceHandle, SubjectHandle } from './handles/subject-handle.js'
export { type EngineOptions, openEngine } from './open-engine.js'
export type { KindOfLookup, Lookup, LookupName } from './store/lookups.js'
export { memoryStore } from './store/memory-store.js'
export type { StorePage } from './store/range.js'
export type {
  AppendResult,
  CommitDraft,
  LoadedShard,
  Located,
  LogPage,
  Store,
  StoreOpener,
} from './store/store.js'
