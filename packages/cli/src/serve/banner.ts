import type { Running } from './serve.js'

/** What the operator sees at the start. */
export function banner({ url, data, firstKey }: Running): string {
  return [
    '',
    `  Bailiwick   ${url}`,
    `  data        ${data}`,
    `  API         ${url}/openapi.json`,
    '  docs        docs/server.md',
    ...(firstKey === undefined ? [] : ['', `  API key     ${firstKey}`, `  ${shownOnce}`]),
    '',
  ].join('\n')
}

const shownOnce = '            made because there was none; it may everything, and is not shown again'
