// A CommonJS half for the packages that Jest and older Nest applications `require`, beside what `tsc` has built. A door
// is one file, with `jose` in it, which exists as a module only; every other dependency is required as it is.
import { cpSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
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
  })
  await bundle.write({ dir: out, format: 'cjs', exports: 'named', chunkFileNames: 'shared-[hash].js' })
  await bundle.close()
  // The declarations say the same in both, and are read as what the nearest package.json says.
  const built = join(folder, 'dist')
  for (const file of readdirSync(built, { recursive: true })) {
    if (file.endsWith('.d.ts') && !file.startsWith('cjs')) cpSync(join(built, file), join(out, file))
  }
  writeFileSync(join(out, 'package.json'), '{ "type": "commonjs" }\n')
}
