import { Misconfigured } from '@bailiwick/core'
import { portSetting, type ServerName } from './settings.js'

/**
 * Start a server of the demo.
 *
 * @throws {Misconfigured} when its port is taken, naming the setting to change.
 */
export async function listen<Listening>(
  server: ServerName,
  port: number,
  start: (port: number) => Promise<Listening>,
): Promise<Listening> {
  try {
    return await start(port)
  } catch (error) {
    if (!isPortTaken(error)) throw error
    const setting = portSetting[server]
    throw new Misconfigured(
      `port ${port} is taken: set \`${setting}\` to another one, or to 0 for a free one (${setting}=0 npm start)`,
      { cause: error },
    )
  }
}

function isPortTaken(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  return (error as NodeJS.ErrnoException).code === 'EADDRINUSE' || isPortTaken(error.cause)
}
