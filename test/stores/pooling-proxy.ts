import { connect, createServer, type Socket } from 'node:net'

/** Stands between clients and PostgreSQL as a pooler in transaction mode does. */
export interface PoolingProxy {
  readonly connectionString: string
  /** How often a client was given another session. */
  readonly exchanges: () => number
  close(): Promise<void>
}

interface Seat {
  readonly client: Socket
  session: Session
  isIdle: boolean
}

interface Session {
  readonly socket: Socket
  unread: Buffer
  hear: (message: Buffer) => void
}

const readyForQuery = 'Z'.charCodeAt(0)
const idle = 'I'.charCodeAt(0)

/**
 * Each client begins with a session of its own. Whenever one has nothing under way, it changes sessions with another
 * one that has nothing under way either: no transaction is torn apart, and everything else about a session is lost.
 */
export async function poolingProxy(connectionString: string): Promise<PoolingProxy> {
  const target = new URL(connectionString)
  const seats = new Set<Seat>()
  let exchanges = 0
  const exchange = (seat: Seat) => {
    const other = [...seats].find((each) => each !== seat && each.isIdle)
    if (other === undefined) return
    exchanges += 1
    ;[seat.session, other.session] = [other.session, seat.session]
    for (const each of [seat, other]) each.session.hear = (message) => told(each, message)
  }
  const told = (seat: Seat, message: Buffer) => {
    seat.client.write(message)
    if (message[0] === readyForQuery) seat.isIdle = message[5] === idle
  }
  const server = createServer((client) => {
    const socket = connect(Number(target.port || 5432), target.hostname)
    const seat: Seat = { client, session: { socket, unread: Buffer.alloc(0), hear: () => {} }, isIdle: false }
    const { session } = seat
    session.hear = (message) => told(seat, message)
    seats.add(seat)
    socket.on('data', (chunk) => {
      session.unread = Buffer.concat([session.unread, chunk])
      for (let message = firstOf(session.unread); message !== undefined; message = firstOf(session.unread)) {
        session.unread = session.unread.subarray(message.length)
        session.hear(message)
      }
    })
    client.on('data', (chunk) => {
      if (seat.isIdle) exchange(seat)
      seat.isIdle = false
      seat.session.socket.write(chunk)
    })
    client
      .on('error', () => {})
      .on('close', () => {
        seats.delete(seat)
        seat.session.socket.destroy()
      })
    socket
      .on('error', () => {})
      .on('close', () => {
        for (const each of seats) if (each.session === session) each.client.destroy()
      })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  if (typeof address !== 'object' || address === null) throw new Error('the proxy has no port')
  const own = new URL(connectionString)
  own.hostname = '127.0.0.1'
  own.port = String(address.port)
  return {
    connectionString: own.href,
    exchanges: () => exchanges,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        for (const { client } of seats) client.destroy()
      }),
  }
}

/** The first whole message that a server sent: a letter, and a length that counts itself. */
function firstOf(bytes: Buffer): Buffer | undefined {
  if (bytes.length < 5) return undefined
  const length = 1 + bytes.readUInt32BE(1)
  return bytes.length < length ? undefined : bytes.subarray(0, length)
}
