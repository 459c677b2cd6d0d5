import type { Block } from './blocks.js'

/** A `curl` line of a document, and the status that it promises. */
export interface Promised {
  readonly line: string
  readonly method: string
  readonly url: string
  readonly withToken: boolean
  readonly status: number
}

/** The commands of all `sh` blocks, comments taken away. */
export function commandsOf(blocks: readonly Block[]): readonly string[] {
  return shellLines(blocks)
    .map((line) => line.replace(/(^|\s)#.*$/, '').trim())
    .filter((line) => line !== '')
    .flatMap((line) => line.split(' && '))
}

/**
 * The requests that `curl` lines make.
 *
 * @throws {Error} for a line that does not say which status comes.
 */
export function promisesOf(blocks: readonly Block[]): readonly Promised[] {
  return shellLines(blocks)
    .filter((line) => line.startsWith('curl '))
    .map((line) => {
      const url = /https?:\/\/\S+/.exec(line)?.[0]
      const status = /# (\d{3})\b/.exec(line)?.[1]
      if (url === undefined || status === undefined)
        throw new Error(`\`${line}\` lacks an address or \`# <status>\``)
      const method = /-X ([A-Z]+)/.exec(line)?.[1] ?? 'GET'
      const withToken = line.includes('-H "Authorization: Bearer $TOKEN"')
      return { line, method, url, withToken, status: Number(status) }
    })
}

function shellLines(blocks: readonly Block[]): readonly string[] {
  return blocks.filter(({ language }) => language === 'sh').flatMap(({ lines }) => lines)
}
