import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

/** A process of the bench that is told things and answers them, one after the other. */
export interface Companion<Ready> {
  readonly pid: number
  /** What it said when it was ready. */
  readonly ready: Ready
  /** Tell it something, and wait for what it says to that. */
  ask<Answer>(message: unknown): Promise<Answer>
  end(): Promise<void>
}

/** Start a file as a process of its own. @param file - As seen from this folder. */
export async function startCompanion<Ready>(
  file: string,
  args: readonly string[] = [],
  execArgv: readonly string[] = ['--max-old-space-size=4096'],
): Promise<Companion<Ready>> {
  const child = fork(fileURLToPath(new URL(file, import.meta.url)), args, {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    execArgv: [...execArgv],
  })
  return {
    pid: child.pid as number,
    ready: await nextMessage<Ready>(child, file),
    ask(message) {
      child.send(message as object)
      return nextMessage(child, file)
    },
    async end() {
      if (child.exitCode !== null) return
      child.kill()
      await once(child, 'exit')
    },
  }
}

async function nextMessage<Message>(child: ChildProcess, file: string): Promise<Message> {
  const over = new AbortController()
  try {
    const { signal } = over
    const [message] = (await Promise.race([
      once(child, 'message', { signal }),
      once(child, 'exit', { signal }).then(([code]) => {
        throw new Error(`${file} ended with code ${code}`)
      }),
    ])) as [Message]
    return message
  } finally {
    over.abort()
  }
}
