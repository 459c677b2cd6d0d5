import { readFile } from 'node:fs/promises'
import { compileModel, Misconfigured, type Model, type ModelDefinition } from '@bailiwick/core'
import { parse } from 'yaml'
import { z } from 'zod'
import { modelFile } from './model-file.js'

/** A model from a file of JSON or YAML. @throws {Misconfigured} @throws {ModelInvalid} */
export async function readModel(file: string): Promise<Model> {
  const text = await readFile(file, 'utf8').catch((cause: NodeJS.ErrnoException) => {
    throw new Misconfigured(`the model \`${file}\` cannot be read: ${cause.code}`, { cause })
  })
  const definition = parseText(file, text)
  const shape = modelFile.safeParse(definition)
  if (!shape.success) {
    throw new Misconfigured(`the model \`${file}\` has the wrong shape:\n${z.prettifyError(shape.error)}`)
  }
  const empty: ModelDefinition = { resourceTypes: {}, permissions: {}, roles: {} }
  return compileModel({ ...empty, ...(definition as Partial<ModelDefinition>) })
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
