import { type DestinationStream, destination, pino, stdSerializers } from 'pino'
import type { Log } from './log.js'

/** The least important thing that is logged. */
export type LogLevel = 'info' | 'warn' | 'error' | 'silent'

/** Lines of JSON on stdout, written in larger pieces; what is left is written when the process ends. */
export function createLog(level: LogLevel): Log {
  return logTo(destination({ dest: 1, sync: false, minLength: 4_096, periodicFlush: 500 }), level)
}

/** Lines of JSON. What an error carries beside its message and stack may be input, and stays out. */
export function logTo(stream: DestinationStream, level: LogLevel): Log {
  return pino(
    {
      level,
      base: null,
      timestamp: () => `,"at":"${new Date().toISOString()}"`,
      formatters: { level: (label) => ({ level: label }) },
      serializers: {
        err: (error: Error) => {
          const { type, message, stack } = stdSerializers.err(error)
          return { type, message, stack }
        },
      },
    },
    stream,
  )
}
