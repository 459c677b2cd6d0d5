/**
 * The JSON of a text. Most hold nothing that must be written otherwise, and to see that here takes less than to ask
 * for it: after the wait for a disk whatever else is called is far away.
 */
export function jsonText(text: string): string {
  for (let at = 0; at < text.length; at++) if (!isPlain(text.charCodeAt(at))) return JSON.stringify(text)
  return `"${text}"`
}

/** In ASCII, and no control character, quotation mark or backslash. */
function isPlain(code: number): boolean {
  return code >= 0x20 && code < 0x7f && code !== 0x22 && code !== 0x5c
}
