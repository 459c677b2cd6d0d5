/** A fenced block of a document. */
export interface Block {
  readonly language: string
  /** What follows the language, such as `file=app.ts` or `no-run`. */
  readonly words: readonly string[]
  readonly lines: readonly string[]
  /** Of the first line of code, counted from 1. */
  readonly line: number
}

/**
 * The fenced blocks of a Markdown document, in order. Those in HTML comments count as well: they are what a
 * reader need not see, and the compiler must.
 *
 * @throws {Error} for a fence that is not closed.
 */
export function blocksOf(markdown: string): readonly Block[] {
  const blocks: Block[] = []
  const lines = markdown.split('\n')
  for (let at = 0; at < lines.length; at++) {
    const fence = /^ *(`{3,})(.*)$/.exec(lines[at] as string)
    if (fence === null) continue
    const [, ticks, info = ''] = fence
    const end = lines.findIndex((line, index) => index > at && line.trim() === ticks)
    if (end === -1) throw new Error(`the block of line ${at + 1} is not closed`)
    const [language = '', ...words] = info.trim().split(/\s+/)
    blocks.push({ language, words, lines: lines.slice(at + 1, end), line: at + 2 })
    at = end
  }
  return blocks
}

/** The file that a `ts` block belongs to; those without a name of their own join into one. */
export const joined = 'index.ts'

/**
 * The TypeScript files that the blocks of one document make up. Every line stands where it stands in the
 * document, so that an error names the right one.
 */
export function filesOf(blocks: readonly Block[]): ReadonlyMap<string, string> {
  const files = new Map<string, string[]>()
  for (const block of blocks) {
    if (block.language !== 'ts') continue
    const name = block.words.find((word) => word.startsWith('file='))?.slice('file='.length) ?? joined
    const lines = files.get(name) ?? []
    while (lines.length < block.line - 1) lines.push('')
    lines.push(...block.lines)
    files.set(name, lines)
  }
  return new Map([...files].map(([name, lines]) => [name, `${lines.join('\n')}\n`]))
}
