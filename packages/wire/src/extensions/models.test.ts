import { defineModel, ModelInvalid } from '@bailiwick/core'
import { describe, expect, test } from 'vitest'
import { parseModel, renderModel } from './models.js'

const model = defineModel({
  resourceTypes: {
    workspace: { parents: ['organization'], name: 'Workspace', description: 'where teams work' },
    project: { parents: ['workspace', 'organization'] },
    constructor: { parents: ['project'], agent: true },
  },
  permissions: {
    'project:edit': 'project',
    'project:delete': { on: 'project', fresh: true, description: 'for good' },
    'members:invite': 'organization',
  },
  roles: {
    member: { on: 'organization', permissions: [] },
    admin: { on: 'organization', permissions: ['members:invite', 'project:edit'] },
    editor: { on: 'project', permissions: ['project:edit'], name: 'Editor' },
  },
  defaultRole: 'member',
  roleMode: 'single',
  rolePriority: ['admin', 'member'],
  maxDepth: 4,
})

describe('a model on the wire', () => {
  test('is understood as told', () => {
    const json: unknown = JSON.parse(JSON.stringify(renderModel(model)))
    expect(parseModel(json)).toStrictEqual(model)
  })

  test('is refused when its parts do not fit together', () => {
    const json = renderModel(model)
    expect(() => parseModel({ ...json, permissions: [] })).toThrow(ModelInvalid)
    expect(() => parseModel({ ...json, roles: undefined })).toThrow()
  })
})
