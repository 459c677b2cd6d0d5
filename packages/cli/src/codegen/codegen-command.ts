import { readFile, writeFile } from 'node:fs/promises'
import { Misconfigured, type Model } from '@bailiwick/core'
import { Command, Option } from 'commander'
import { serviceOf } from '../ask-service.js'
import { modelSource } from './model-source.js'

interface CodegenOptions {
  readonly url?: string
  readonly apiKey?: string
  readonly model?: string
  readonly out: string
  readonly check?: true
}

/** `bailiwick codegen` */
export function codegenCommand(): Command {
  return new Command('codegen')
    .description('A TypeScript file that tells the compiler every permission, role and type of a model')
    .addOption(new Option('-u, --url <url>', 'a service that runs').conflicts('model'))
    .addOption(new Option('--api-key <key>', 'a key of it with the scope `read`').env('BAILIWICK_API_KEY'))
    .option('-m, --model <file>', 'a model as JSON or YAML')
    .option('-o, --out <file>', 'the file to write', './authz.model.ts')
    .option('--check', 'write nothing, and fail where the file is not as it would be written: for CI')
    .action(async (options: CodegenOptions) => {
      const { out, check } = options
      const { model, origin } = await modelOf(options)
      const source = modelSource(model, origin)
      const before = await readFile(out, 'utf8').catch(() => undefined)
      if (check && before !== source)
        throw new Misconfigured(`\`${out}\` is not what ${origin} says: run the same without \`--check\``)
      if (before !== source) await writeFile(out, source)
      const { types, permissions, roles } = model
      console.error(`${out}: ${types.size - 1} types, ${permissions.size} permissions, ${roles.size} roles`)
    })
}

async function modelOf({ url, apiKey, model }: CodegenOptions): Promise<{ model: Model; origin: string }> {
  if (model !== undefined) {
    const { readModel } = await import('../serve/read-model.js')
    return { model: await readModel(model), origin: model }
  }
  if (url === undefined) throw new Misconfigured('nothing to read a model from: give `--url` or `--model`')
  const service = serviceOf(url, apiKey)
  const { readServiceUrl, remoteEngine } = await import('@bailiwick/client')
  // Nobody's request waits for it: a service far away may take longer than a check may.
  const engine = await remoteEngine({ ...service, deadlineMs: 10_000 })
  await engine.close()
  const { origin, prefix } = readServiceUrl(url)
  return { model: engine.model, origin: `${origin}${prefix}` }
}
