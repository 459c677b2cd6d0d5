import fc from 'fast-check'

/** What makes another text of a sound one: some of it is left out, or replaced. */
export const spoiling = fc.record({
  at: fc.nat(),
  length: fc.nat({ max: 12 }),
  instead: fc.oneof(
    fc.constantFrom(
      '',
      '"',
      '\\',
      ' ',
      ',',
      '{',
      '}',
      ']',
      '0',
      'ü',
      '\n',
      'true',
      'false',
      '\u007f',
      'x'.repeat(130),
    ),
    fc.constantFrom(',"authorized":true', '"index":0,', ',"explain":true', '{},', ']}'),
  ),
})

/** A text with that done to it. */
export function spoil(
  text: string,
  { at, length, instead }: { at: number; length: number; instead: string },
): string {
  const from = at % (text.length + 1)
  return text.slice(0, from) + instead + text.slice(from + length)
}
