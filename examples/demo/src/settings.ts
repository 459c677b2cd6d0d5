import { parseArgs } from 'node:util'
import { Misconfigured } from '@bailiwick/core'

/** How the demo runs. A port of 0 is a free one. */
export interface Settings {
  /** Send the requests itself and exit, instead of serving until Ctrl-C. */
  readonly mode: 'once' | 'serve'
  /** In this process, or a server that it asks over HTTP. */
  readonly engine: EngineKind
  /** The SQLite file. */
  readonly data: string
  readonly ports: Readonly<Record<ServerName, number>>
}

/** Where the engine is. */
export type EngineKind = (typeof engineKinds)[number]

const engineKinds = ['embedded', 'remote'] as const

/** The servers of the demo. */
export type ServerName = 'issuer' | 'express' | 'nest'

/** The environment variable that sets the port of a server. */
export const portSetting = {
  issuer: 'PORT_ISSUER',
  express: 'PORT_EXPRESS',
  nest: 'PORT_NEST',
} as const satisfies Readonly<Record<ServerName, string>>

const servingPorts = { issuer: 4100, express: 4101, nest: 4102 }

/** What `npm start -- --help` prints. */
export const help = `npm start                 serve both APIs until Ctrl-C
npm start -- --once       send the sample requests to both, compare, and exit

  --engine <kind>         embedded (default), or remote: behind a server, over HTTP
  --data <file>           where to keep the data (default .data/authz.db)
  --help                  this text

  PORT_ISSUER=${servingPorts.issuer}        the local issuer of session tokens
  PORT_EXPRESS=${servingPorts.express}       the Express API
  PORT_NEST=${servingPorts.nest}          the Nest API
                          0 is a free port, and the default with --once`

/**
 * Read the command line and the environment.
 *
 * @returns `help` when that is all that was asked for.
 * @throws {Misconfigured} for an option that there is not, or a port that is none.
 */
export function readSettings(args: readonly string[], env: NodeJS.ProcessEnv): Settings | 'help' {
  const values = readOptions(args)
  if (values.help) return 'help'
  const mode = values.once ? 'once' : 'serve'
  const port = (server: ServerName) =>
    readPort(portSetting[server], env[portSetting[server]], mode === 'once' ? 0 : servingPorts[server])
  return {
    mode,
    engine: readEngine(values.engine),
    data: values.data,
    ports: { issuer: port('issuer'), express: port('express'), nest: port('nest') },
  }
}

function readOptions(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        once: { type: 'boolean', default: false },
        engine: { type: 'string', default: 'embedded' },
        data: { type: 'string', default: '.data/authz.db' },
        help: { type: 'boolean', short: 'h', default: false },
      },
    }).values
  } catch (cause) {
    throw new Misconfigured(`${(cause as Error).message}\n\n${help}`, { cause })
  }
}

function readEngine(value: string): EngineKind {
  const kind = engineKinds.find((each) => each === value)
  if (kind !== undefined) return kind
  throw new Misconfigured(`\`--engine\` must be ${engineKinds.join(' or ')}, not \`${value}\``)
}

function readPort(setting: string, value: string | undefined, otherwise: number): number {
  if (value === undefined || value === '') return otherwise
  const port = Number(value)
  if (/^\d+$/.test(value) && port <= 65_535) return port
  throw new Misconfigured(`\`${setting}\` must be a port from 0 to 65535, not \`${value}\``)
}
