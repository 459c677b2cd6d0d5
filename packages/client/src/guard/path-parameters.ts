/**
 * The names of the parameters in a route path, in any of the syntaxes that Express 4 and 5, Nest and Fastify
 * read. A wildcard or a group without a name counts under the name `*`. Where the syntaxes differ, a doubtful
 * part counts as a parameter: then a guard must say what it guards.
 */
export function pathParameters(path: string): readonly string[] {
  const names = new Set<string>()
  for (const [, name, quoted, anonymous] of path.matchAll(parameter)) {
    if (name !== undefined) names.add(name)
    else if (quoted !== undefined) names.add(quoted.replaceAll(/\\(.)/g, '$1'))
    else if (anonymous !== undefined) names.add('*')
  }
  return [...names]
}

// An escaped character; `:name` and `*name`, each with a pattern of its own in parentheses; `:"a name"`; and
// what has no name: `*`, or a group.
const parameter =
  /\\.|[:*]([\p{ID_Start}$_][\p{ID_Continue}$]*)(?:\((?:\\.|[^\\)])*\))?|[:*]"((?:\\.|[^\\"])*)"|(\*|\()/gu
