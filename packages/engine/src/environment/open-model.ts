import type { Model, ModelDefinition, Origin } from '@bailiwick/core'
import { LiveModel, type ModelContext } from './live-model.js'

/**
 * The environment of a store: made to be a given model, or as it is stored. An empty store begins as a new
 * environment does.
 *
 * @throws {ModelChangeRefused} when what is stored still needs what the model no longer has; nothing changes.
 */
export async function openModel(context: ModelContext, model: Model | undefined): Promise<LiveModel> {
  const live = await LiveModel.open(context)
  if (model !== undefined) await live.become(model, opening)
  // Somebody else may have begun it meanwhile: then what is there stays.
  else if (live.revision === 0)
    await live.change((current) => (live.revision === 0 ? newEnvironment : current), opening)
  return live
}

/** What an engine is opened with is applied by nobody who could be asked. */
const opening: Origin = { actor: { type: 'system', id: 'open_engine' } }

/** As at WorkOS: everybody is a member, with one role at a time until somebody allows several. */
const newEnvironment: ModelDefinition = {
  resourceTypes: {},
  permissions: {},
  roles: {
    admin: { on: 'organization', name: 'Admin', permissions: [] },
    member: { on: 'organization', name: 'Member', permissions: [] },
  },
  defaultRole: 'member',
  roleMode: 'single',
}
