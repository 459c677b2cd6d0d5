// A CommonJS half for the packages that Jest and older Nest applications `require`, beside what `tsc` has built. A door
// is one file, with `jose` in it, which exists as a module only; every other dependency is required as it is. And what
// `tsc` has built without being for anybody is taken out.
import { cpSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { rolldown } from 'rolldown'

const packages = fileURLToPath(new URL('../packages', import.meta.url))
const inside = ['jose']

for (const name of readdirSync(packages)) {
  const folder = join(packages, name)
  const { publishConfig } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
  const doors = Object.values(publishConfig?.exports ?? {}).flatMap((door) => door.require?.default ?? [])
  if (doors.length === 0) continue
  const out = join(folder, 'dist/cjs')
  rmSync(out, { recursive: true, force: true })
  const bundle = await rolldown({
    input: Object.fromEntries(
      doors.map((door) => {
        const file = door.replace('./dist/cjs/', '')
        return [file.replace(/\.js$/, ''), join(folder, 'dist', file)]
      }),
    ),
    external: (id) => !/^[./]/.test(id) && !inside.some((each) => id === each || id.startsWith(`${each}/`)),
    platform: 'node',
    treeshake: { moduleSideEffects: true },
    experimental: { attachDebugInfo: 'none' },
  })
  await bundle.write({
    dir: out,
    format: 'cjs',
    exports: 'named',
    chunkFileNames: 'shared-[hash].js',
    // Editors read the declarations; the same sentences once more would be a tenth of what is installed.
    comments: { jsdoc: false },
  })
  await bundle.close()
  // The declarations say the same in both, and are read as what the nearest package.json says.
  const built = join(folder, 'dist')
  const declarations = new Set()
  for (const door of doors)
    collect(built, door.replace('./dist/cjs/', '').replace(/\.js$/, '.d.ts'), declarations)
  for (const file of declarations) cpSync(join(built, file), join(out, file))
  writeFileSync(join(out, 'package.json'), '{ "type": "commonjs" }\n')
  // Of modules that no door leads to, nobody reads any.
  for (const file of readdirSync(built, { recursive: true })) {
    const isRead = file.startsWith('cjs') || declarations.has(file)
    if (file.endsWith('.d.ts') && !isRead) rmSync(join(built, file))
  }
}

/** A declaration, and all that it imports. */
function collect(folder, file, found) {
  if (found.has(file)) return
  found.add(file)
  for (const [, path] of readFileSync(join(folder, file), 'utf8').matchAll(/['"](\.[^'"]+)\.js['"]/g)) {
    collect(folder, join(dirname(file), `${path}.d.ts`), found)
  }
}
