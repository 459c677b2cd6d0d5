import { environmentShard } from '@bailiwick/core'
import { describe, expect, test } from 'vitest'
import { linesOf } from './lines.js'
import { readShard } from './read-shard.js'

const head = '{"store":"one","shard":"environment","revision":3,"environment":3}'
const entity = '{"kind":"resource_type","entity":{"id":"a b","name":"\u2028"}}'
const whole = [head, entity, entity, '{"end":2}']

async function* inPieces(text: string, size: number) {
  for (let at = 0; at < text.length; at += size) yield text.slice(at, at + size)
}

function read(lines: readonly string[], size = 1_000) {
  return readShard(environmentShard, linesOf(inPieces(`${lines.join('\n')}\n`, size)))
}

describe('a shard', () => {
  test.each([1, 7, 1_000])('that comes in pieces of %i is read whole', async (size) => {
    const { entities, ...rest } = await read(whole, size)
    expect(rest).toEqual({ store: 'one', revision: 3, environment: 3 })
    expect(entities).toEqual([JSON.parse(entity), JSON.parse(entity)])
  })

  test.each([
    ['nothing', []],
    ['without its end', whole.slice(0, -1)],
    ['cut in a line', [...whole.slice(0, -1), '{"en']],
    ['that lacks an entity', [head, entity, '{"end":2}']],
    ['that has one too many', [head, entity, entity, '{"end":1}']],
    ['that goes on after its end', [...whole, entity]],
    ['of another organization', [head.replace('environment"', 'org_other"'), ...whole.slice(1)]],
    ['with an entity of no kind', [head, '{"kind":"spell","entity":{"id":"x"}}', '{"end":1}']],
    ['that is a page of a proxy', ['<html>', '</html>']],
  ])('%s is none', async (_, lines) => {
    await expect(read(lines)).rejects.toMatchObject({ code: 'remote_answer_invalid', kind: 'unavailable' })
  })
})
