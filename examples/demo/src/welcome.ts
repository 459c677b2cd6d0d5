import { people, routes } from '@bailiwick-examples/product'
import type { Demo } from './start-demo.js'

/** What a newcomer needs to play with the running demo: where, who, and lines to paste. */
export function welcome(demo: Demo, data: string): string {
  return `
Express API   ${demo.apis.express}
Nest API      ${demo.apis.nest}
Issuer        ${demo.issuerUrl}
Data          ${data} (${demo.seeded === 0 ? 'as it was' : `${demo.seeded} entities made`})

Routes, the same on both
${routeLines().join('\n')}

People; both organizations have a project \`web\`
${peopleLines().join('\n')}

Their tokens, good for eight hours. Paste these first:
${tokenLines(demo).join('\n')}

Then try:
${curlLines(demo).join('\n')}

npm start -- --once sends such requests itself. Ctrl-C ends.
`
}

function routeLines(): readonly string[] {
  return Object.values(routes).map(({ method, path, demands, on }) => {
    const asks = demands === 'nothing' || demands === 'a session' ? '' : ` on the ${on ?? 'organization'}`
    return `  ${method.padEnd(5)}  ${path.padEnd(22)}  ${demands}${asks}`
  })
}

function peopleLines(): readonly string[] {
  return Object.values(people).map(({ name, holds }) => `  ${name.padEnd(5)}  ${holds}`)
}

function tokenLines({ tokens }: Demo): readonly string[] {
  return [...tokens].map(([key, token]) => `${key.toUpperCase()}=${token}`)
}

function curlLines({ apis: { express, nest } }: Demo): readonly string[] {
  const lines = [
    { url: `${express}/projects/web`, as: 'PIA', comes: '200: her role on this project' },
    { url: `${express}/projects/campaign`, as: 'PIA', comes: '403: and on no other' },
    { url: `${express}/projects/web`, as: 'GUS', comes: '200: the project of the same id at Globex' },
    { url: `${nest}/billing`, as: 'ADA', comes: '200: by the token alone' },
    { url: `${nest}/billing`, as: 'WANDA', comes: '403: a workspace is not the organization' },
    { url: `${nest}/projects/web`, as: undefined, comes: '401: nobody' },
  ]
  const commands = lines.map(
    ({ url, as }) => `  curl -i ${url}${as === undefined ? '' : ` -H "Authorization: Bearer $${as}"`}`,
  )
  const width = Math.max(...commands.map((command) => command.length))
  return lines.map(({ comes }, at) => `${commands[at]?.padEnd(width)}   # ${comes}`)
}
