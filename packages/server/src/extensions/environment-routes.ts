import {
  getModel,
  getSettings,
  parseSettingsChanges,
  renderModel,
  renderSettings,
  updateSettings,
} from '@bailiwick/wire'
import { type Route, route, type Service } from '../http/route.js'

/** The model as a whole, and the settings of the environment. */
export function environmentRoutes({ engine, engineFor }: Service): readonly Route[] {
  return [
    route(getModel, async () => ({ body: renderModel(engine.model) })),
    route(getSettings, async () => ({ body: renderSettings(await engine.getSettings()) })),
    route(updateSettings, async ({ body }, context) => {
      const { value, token } = await engineFor(context).changeSettings(parseSettingsChanges(body))
      return { body: renderSettings(value), token }
    }),
  ]
}
