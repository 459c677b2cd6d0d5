/**
 * What a formatted source file imports: values and types, static and dynamic, re-exports and augmentations.
 *
 * @returns Specifiers as written, in no order.
 */
export function importsOf(text: string): readonly string[] {
  // An example in a comment imports nothing.
  const code = text.replace(/^\s*(\/\/|\/?\*).*$/gm, '')
  return forms.flatMap((form) => [...code.matchAll(form)].map((match) => match[1] as string))
}

// The formatter puts statements at the beginning of a line and knows single quotes only.
const forms = [
  /^import\s*'([^']+)'/gm,
  /^(?:import|export)\b[^'"`]*?\bfrom\s*'([^']+)'/gm,
  /^declare module '([^']+)'/gm,
  /\bimport\(\s*(?:\/\*.*?\*\/\s*)?'([^']+)'/g,
  /\brequire\(\s*'([^']+)'/g,
]
