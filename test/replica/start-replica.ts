import { type ReplicaOptions, replicaEngine } from '@bailiwick/client/replica'
import type { AuthorizationEngine, CheckQuestion } from '@bailiwick/core'
import { type AcmeServer, acme, ann, startAcme } from '../server/acme-server.js'
import type { StartOptions } from '../server/start-server.js'
import { FeedProxy } from './feed-proxy.js'

/** Acme's server, a replica of it, and the network between the two. */
export interface StartedReplica {
  readonly server: AcmeServer
  readonly replica: AuthorizationEngine
  readonly proxy: FeedProxy
  close(): Promise<void>
}

/** Start all three. A slow machine is no reason to ask the server, unless a test says how old an answer may be. */
export async function startReplica(
  options: Partial<ReplicaOptions> = {},
  serverOptions: StartOptions = {},
): Promise<StartedReplica> {
  const server = await startAcme(serverOptions)
  const proxy = await FeedProxy.open(server.url)
  const replica = await replicaEngine({
    url: proxy.url,
    apiKey: server.apiKey,
    deadlineMs: 60_000,
    stalenessMs: 30_000,
    ...options,
  })
  return {
    server,
    replica,
    proxy,
    close: async () => {
      await replica.close()
      await proxy.close()
      await server.close()
    },
  }
}

export const web = { type: 'project', externalId: 'web' }
export const docs = { type: 'project', externalId: 'docs' }

/** Ann edits `web`, until that is taken from her. */
export const annEdits: CheckQuestion = {
  organizationId: acme,
  subject: { membershipId: ann },
  permission: 'project:edit',
  resource: web,
}

/** `allow`, `deny`, or the kind of the error. */
export async function outcomeOf(
  engine: Pick<AuthorizationEngine, 'check'>,
  question: CheckQuestion = annEdits,
): Promise<string> {
  return engine.check(question).then(
    ({ kind }) => kind,
    ({ kind, message }: { readonly kind?: string; readonly message: string }) => kind ?? message,
  )
}
