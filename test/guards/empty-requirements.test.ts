import { all, any } from '@bailiwick/client'
import * as express from '@bailiwick/express'
import * as fastify from '@bailiwick/fastify'
import * as hono from '@bailiwick/hono'
import * as mcp from '@bailiwick/mcp'
import { RequireAll, RequireAny, RequirePermission } from '@bailiwick/nest'
import { describe, expect, test } from 'vitest'

type Written = (...terms: readonly unknown[]) => unknown

/** Every way to write a guard, by whom nothing has been checked: a list may come from a file, a slug from a variable. */
const doors: Readonly<Record<string, Written>> = {
  Express: express.requirePermission as Written,
  Fastify: fastify.requirePermission as Written,
  Hono: hono.requirePermission as Written,
  MCP: mcp.requirePermission as Written,
  '@RequirePermission on a handler': onHandler(RequirePermission as Written),
  '@RequirePermission on a controller': onController(RequirePermission as Written),
  '@RequireAny on a handler': onHandler(RequireAny as Written),
  '@RequireAny on a controller': onController(RequireAny as Written),
  '@RequireAll on a handler': onHandler(RequireAll as Written),
  '@RequireAll on a controller': onController(RequireAll as Written),
}

const empty: Readonly<Record<string, () => readonly unknown[]>> = {
  nothing: () => [],
  undefined: () => [undefined],
  null: () => [null],
  'an empty slug': () => [''],
  'an empty list': () => [[]],
  'any of nothing': () => [(any as Written)()],
  'all of nothing': () => [(all as Written)()],
  'any of an empty slug': () => [(any as Written)('')],
  'all, one of them empty': () => [(all as Written)('project:view', '')],
  'any of nothing, by hand': () => [{ kind: 'any', of: [] }],
  'all of nothing, by hand': () => [{ kind: 'all', of: [] }],
  'all of nothing, inside of another': () => [(any as Written)('project:view', { kind: 'all', of: [] })],
  'a permission without a slug': () => [{ kind: 'permission' }],
  'what is public': () => [{ kind: 'public' }],
  'what needs a session': () => [{ kind: 'authenticated' }],
}

const scoped = { kind: 'permission', permission: 'project:view', scope: 'organization' }

describe.each(Object.entries(doors))(
  'a guard that demands nothing is refused where it is written: %s',
  (_, write) => {
    test.each(Object.entries(empty))('%s', (_, terms) => {
      expect(() => write(...terms())).toThrow(expect.objectContaining({ code: 'misconfigured' }))
    })

    test('and one permission is enough', () => {
      expect(() => write(scoped)).not.toThrow()
    })
  },
)

function onHandler(decorator: Written): Written {
  return (...terms) => {
    class Projects {
      @(decorator(...terms) as MethodDecorator)
      list() {}
    }
    return Projects
  }
}

function onController(decorator: Written): Written {
  return (...terms) => {
    @(decorator(...terms) as ClassDecorator)
    class Projects {}
    return Projects
  }
}
