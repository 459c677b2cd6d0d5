import { availableParallelism } from 'node:os'
import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'
import { longest, needProcess } from './test/alone.js'
import { mutantsPlugin } from './test/mutants/mutants-plugin.js'

// Tests run on the sources. Only our own condition and `node` may stand here: with `import` or `default` in the
// list, Node would load the wrong half of packages that ship both.
const conditions = ['@bailiwick/source', 'node']
const sources = { resolve: { conditions }, ssr: { resolve: { conditions } } }

// A bound ends what hangs. How busy a machine is must not decide, and what comes soon is looked for often.
const patience = {
  testTimeout: 180_000,
  hookTimeout: 180_000,
  expect: { poll: { timeout: 30_000, interval: 10 } },
}

// The guards on the oldest Nest that is supported, in the sources of our package as well as in the tests.
const nest11 = fileURLToPath(new URL('./test/nest-11/node_modules/@nestjs/', import.meta.url))

// A new process for every file, and everything imported anew, took a third of the time: files share one and its
// modules (`isolate: false`), save those that stand alone. The name of the project puts them first.
const alone = [...needProcess, ...longest]

export default defineConfig({
  test: {
    // By itself vitest leaves one processor free, which on a machine with two is half of it. One more than there are,
    // for a tenth of the time is waiting: for a process to start, a lease to end, an answer that never comes.
    maxWorkers: availableParallelism() + 1,
    projects: [
      {
        ...sources,
        test: {
          name: 'alone',
          include: alone,
          ...patience,
        },
      },
      {
        ...sources,
        test: {
          name: 'unit',
          include: ['packages/*/src/**/*.test.ts', 'examples/*/src/**/*.test.ts'],
          exclude: ['**/node_modules/**', ...alone],
          isolate: false,
          ...patience,
        },
      },
      {
        ...sources,
        test: {
          name: 'types',
          include: [],
          typecheck: {
            enabled: true,
            only: true,
            include: ['packages/*/src/**/*.test-d.ts'],
            tsconfig: './tsconfig.types.json',
          },
        },
      },
      {
        ...sources,
        test: {
          name: 'types-registered',
          include: [],
          typecheck: {
            enabled: true,
            only: true,
            include: ['test/types/*.test-d.ts'],
            tsconfig: './test/types/tsconfig.json',
          },
        },
      },
      {
        ...sources,
        test: {
          name: 'whole',
          include: ['test/**/*.test.ts'],
          exclude: ['**/node_modules/**', 'test/mutants/**', 'test/packed/**', 'test/spicedb/**', ...alone],
          isolate: false,
          ...patience,
        },
      },
      {
        ...sources,
        // SpiceDB's library runs in the process that asks it and blocks it: a process of its own, never a thread.
        test: {
          name: 'spicedb',
          include: ['test/spicedb/**/*.test.ts'],
          pool: 'forks',
          // Its collector would take a quarter of the time to save memory that there is.
          env: { GOGC: '1000' },
          ...patience,
        },
      },
      // What strangers install, in projects of their own: it takes minutes and the registry, and has its own command.
      ...(process.env.PACKED === undefined
        ? []
        : [{ test: { name: 'packed', include: ['test/packed/**/*.test.ts'], ...patience } }]),
      {
        ...sources,
        plugins: [mutantsPlugin()],
        test: { name: 'mutants', include: ['test/mutants/**/*.test.ts'], ...patience },
      },
      {
        ...sources,
        resolve: { conditions, alias: [{ find: /^@nestjs\//, replacement: nest11 }] },
        test: {
          name: 'nest-11',
          include: ['test/guards/**/*.test.ts', 'test/nest/*.test.ts'],
          exclude: ['**/node_modules/**', 'test/guards/{express,fastify,hono,mcp}*.test.ts'],
          env: { GUARDED_BY: 'nest' },
          isolate: false,
          ...patience,
        },
      },
    ],
  },
})
