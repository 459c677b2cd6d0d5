import { readFile } from 'node:fs/promises'
import {
  compileModel,
  isAuthorizationError,
  Misconfigured,
  type Model,
  type ModelDefinition,
} from '@bailiwick/core'
import { parse } from 'yaml'

/** A model from a file of JSON or YAML. @throws {Misconfigured} @throws {ModelInvalid} */
export async function readModel(file: string): Promise<Model> {
  const text = await readFile(file, 'utf8').catch((cause: NodeJS.ErrnoException) => {
    throw new Misconfigured(`the model \`${file}\` cannot be read: ${cause.code}`, { cause })
  })
  const definition = parseText(file, text)
  if (typeof definition !== 'object' || definition === null || Array.isArray(definition)) {
    throw new Misconfigured(
      `the model \`${file}\` must be an object with \`resourceTypes\`, \`permissions\` and \`roles\``,
    )
  }
  try {
    return compileModel({
      resourceTypes: {},
      permissions: {},
      roles: {},
      ...(definition as Partial<ModelDefinition>),
    })
  } catch (cause) {
    if (isAuthorizationError(cause)) throw cause
    throw new Misconfigured(
      `the model \`${file}\` has a part of the wrong shape: ${(cause as Error).message}`,
      { cause },
    )
  }
}

/** YAML holds JSON. */
function parseText(file: string, text: string): unknown {
  try {
    return parse(text)
  } catch (cause) {
    throw new Misconfigured(`the model \`${file}\` is neither JSON nor YAML: ${(cause as Error).message}`, {
      cause,
    })
  }
}
