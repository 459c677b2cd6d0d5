import { connect, type Socket } from 'node:net'
import { setPriority } from 'node:os'

/** How to load a server: whole HTTP requests, taken in turn, one at a time on each connection. */
export interface Load {
  readonly port: number
  readonly connections: number
  readonly ms: number
  readonly requests: readonly string[]
  /**
   * Do not sleep while there is nothing to read. The kernel charges the waking of a client to the server that answers
   * it: 25 µs of 108 for a route of Express on a virtual machine, and more the longer the client has slept, so that what
   * takes longer would seem to take longer still.
   */
  readonly staysAwake?: true
}

export interface LoadFigures {
  readonly perSecond: number
  readonly p50Us: number
  readonly p99Us: number
  /** Answers that said yes. */
  readonly yes: number
  readonly answers: number
}

// A client on plain sockets: one that did more would be what is measured, beside a server that does nothing.
process.on('message', async (load: Load) => {
  const requests = load.requests.map((text) => Buffer.from(text))
  const sockets = await Promise.all(Array.from({ length: load.connections }, () => open(load.port)))
  const times: number[] = []
  let yes = 0
  let next = 0
  const start = performance.now()
  const end = start + load.ms
  let isOver = false
  const stayAwake = () => void (isOver || setImmediate(stayAwake))
  if (load.staysAwake) {
    // The threads of the server that collect and compile go first.
    setPriority(10)
    stayAwake()
  }
  await Promise.all(
    sockets.map(async (socket) => {
      while (performance.now() < end) {
        const sent = performance.now()
        if ((await exchange(socket, requests[next++ % requests.length] as Buffer)) === 'yes') yes++
        times.push(performance.now() - sent)
      }
    }),
  )
  isOver = true
  const seconds = (performance.now() - start) / 1_000
  for (const socket of sockets) socket.destroy()
  times.sort((one, other) => one - other)
  const at = (share: number) => (times[Math.floor(times.length * share)] ?? Number.NaN) * 1_000
  const figures: LoadFigures = {
    perSecond: times.length / seconds,
    p50Us: at(0.5),
    p99Us: at(0.99),
    yes,
    answers: times.length,
  }
  process.send?.(figures)
})

function open(port: number): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => resolve(socket))
    socket.setNoDelay(true)
    socket.once('error', reject)
  })
}

/** Send a request and read its answer. Anything but a 200 with a body of a known length ends the bench. */
function exchange(socket: Socket, request: Buffer): Promise<'yes' | 'no'> {
  return new Promise((resolve, reject) => {
    let text = ''
    const read = (chunk: Buffer) => {
      text += chunk.toString('latin1')
      const body = text.indexOf('\r\n\r\n') + 4
      if (body < 4) return
      const length = /content-length: (\d+)/i.exec(text.slice(0, body))?.[1]
      if (!text.startsWith('HTTP/1.1 200') || length === undefined) reject(new Error(text))
      else if (text.length >= body + Number(length)) {
        socket.off('data', read)
        resolve(text.includes('"authorized":true', body) ? 'yes' : 'no')
      }
    }
    socket.on('data', read)
    socket.write(request)
  })
}

process.send?.('ready')
