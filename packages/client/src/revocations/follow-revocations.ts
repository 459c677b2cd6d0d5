import { followFeed } from '../feed/follow-feed.js'
import { Follower } from '../feed/follower.js'
import { Reading } from '../feed/reading.js'
import { checkOptions, type RemoteOptions } from '../remote/remote-options.js'
import type { Revocations } from './revocations.js'

/** Where the feed is, and who hears it. */
export interface FollowOptions extends Pick<RemoteOptions, 'url' | 'apiKey'> {
  readonly revocations: Pick<Revocations, 'hear'>
}

const silenceMs = 5_000

/**
 * Revoke the tokens of memberships and users that a server deactivates or deletes, as its change feed tells, from now
 * on. A broken connection goes on where it was. What happens while nobody follows is felt when the tokens expire, as
 * it is without a list.
 *
 * @param options.apiKey - With the scope `read`.
 * @returns To end it.
 * @throws {Misconfigured} naming the option that is wrong; an error of kind `unavailable` when the server cannot be
 *   reached.
 */
export async function followRevocations({
  revocations,
  ...service
}: FollowOptions): Promise<{ close(): Promise<void> }> {
  const reading = new Reading(checkOptions(service))
  const follower = new Follower({
    follow: followFeed(reading, silenceMs),
    organizations: undefined,
    clock: () => performance.now(),
    listener: { begins: () => {}, committed: (commit) => revocations.hear(commit) },
  })
  const close = () => {
    follower.stop()
    return reading.close()
  }
  try {
    await follower.start()
  } catch (error) {
    await close()
    throw error
  }
  return { close }
}
