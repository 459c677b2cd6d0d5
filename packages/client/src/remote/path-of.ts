/** The values of a path's parameters, or of a query; `undefined` is left out of a query. */
export type Parameters = Readonly<Record<string, string | number | boolean | undefined>>

/**
 * The path of a route with its parameters filled in: `/groups/{group_id}`. Each is encoded once, slashes included,
 * so that no id can lead to another route.
 *
 * @throws {TypeError} when a parameter is missing: a mistake of ours.
 */
export function pathOf(route: string, parameters: Parameters = {}, query: Parameters = {}): string {
  const path = route.replace(/\{(\w+)\}/g, (_, name: string) => {
    const value = parameters[name]
    if (value === undefined) throw new TypeError(`the path ${route} lacks ${name}`)
    return encoded(String(value))
  })
  const search = Object.entries(query).flatMap(([name, value]) =>
    value === undefined ? [] : `${name}=${encodeURIComponent(value)}`,
  )
  return search.length === 0 ? path : `${path}?${search.join('&')}`
}

function encoded(part: string): string {
  // Alone, these two would be taken for steps of the path; encoding leaves them as they are.
  return part === '.' || part === '..' ? part.replaceAll('.', '%2E') : encodeURIComponent(part)
}
