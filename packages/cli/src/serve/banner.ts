import type { Running } from './serve.js'

/** What the operator sees at the start. */
export function banner({ url, place, firstKey }: Running): string {
  return [
    '',
    `  Bailiwick   ${url}`,
    `  ${place.kind === 'file' ? 'data    ' : 'database'}    ${place.name}`,
    `  API         ${url}/openapi.json`,
    '  docs        docs/server.md',
    ...(firstKey === undefined ? [] : ['', `  API key     ${firstKey}`, `  ${shownOnce}`]),
    '',
  ].join('\n')
}

const shownOnce = '            made because there was none; it may everything, and is not shown again'
