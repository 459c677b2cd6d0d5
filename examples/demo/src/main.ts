import { isAuthorizationError } from '@bailiwick/core'
import { runOnce } from './run-once.js'
import { help, readSettings, type Settings } from './settings.js'
import { startDemo } from './start-demo.js'
import { welcome } from './welcome.js'

try {
  const settings = readSettings(process.argv.slice(2), process.env)
  if (settings === 'help') console.log(help)
  else if (settings.mode === 'once') process.exitCode = await once(settings)
  else await serve(settings)
} catch (error) {
  // What the reader can mend is a sentence; only a bug of ours is a stack.
  console.error(isAuthorizationError(error) ? `demo: ${error.message}` : error)
  process.exitCode = 1
}

/** @returns The exit code. */
async function once(settings: Settings): Promise<number> {
  const demo = await startDemo(settings)
  try {
    console.log(
      demo.seeded === 0 ? `${settings.data}: as it was` : `${settings.data}: ${demo.seeded} entities made`,
    )
    const unexpected = await runOnce(demo, console.log)
    for (const difference of unexpected) console.error(`UNEXPECTED ${difference}`)
    console.log(
      unexpected.length === 0 ? 'every answer is the expected one' : `${unexpected.length} unexpected`,
    )
    return unexpected.length === 0 ? 0 : 1
  } finally {
    await demo.close()
  }
}

async function serve(settings: Settings): Promise<void> {
  const demo = await startDemo(settings)
  console.log(welcome(demo, settings.data))
  const stop = () => void demo.close()
  process.once('SIGINT', stop).once('SIGTERM', stop)
}
