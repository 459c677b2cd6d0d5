/**
 * 64 bits in two halves (after MurmurHash3): a list may be asked for many thousand times a second, and whoever forges
 * a cursor only looks at his own list from another place.
 */
export function shortHash(text: string): string {
  let one = 0x9e3779b1
  let other = 0x85ebca77
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i)
    one = Math.imul(one ^ code, 0x85ebca6b)
    one = (one << 13) | (one >>> 19)
    other = Math.imul(other ^ code, 0xc2b2ae35)
    other = (other << 15) | (other >>> 17)
  }
  one = Math.imul(one ^ (other >>> 16), 0xc2b2ae35)
  other = Math.imul(other ^ (one >>> 13), 0x85ebca6b)
  return ((one ^ (one >>> 16)) >>> 0).toString(36) + ((other ^ (other >>> 16)) >>> 0).toString(36)
}
