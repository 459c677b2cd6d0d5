import { defineModel } from '@bailiwick/core'
import { describe, expect, test } from 'vitest'
import { body, param } from './locator.js'
import { checkAgainstModel, checkLocatorsFit, placeRequirement } from './place-requirement.js'
import { any, permission, requirementOf } from './requirement.js'

const model = defineModel({
  resourceTypes: { workspace: { parents: ['organization'] }, project: { parents: ['workspace'] } },
  permissions: {
    'project:edit': 'project',
    'workspace:manage': 'workspace',
    'billing:manage': 'organization',
  },
  roles: {},
})

function route(name: string, ...parameters: string[]) {
  return { name, parameters }
}

describe('where a permission is asked', () => {
  test('on the resource that the route names', () => {
    const requirement = requirementOf('project:edit', { resource: param('id') })
    expect(placeRequirement(requirement, route('PATCH /projects/:id', 'id'), model)).toEqual(requirement)
  })

  test('on the organization, when the path has no parameters', () => {
    const placed = placeRequirement(requirementOf('project:edit'), route('GET /projects'), model)
    expect(placed).toEqual({ kind: 'permission', permission: 'project:edit', scope: 'organization' })
  })

  test('a path parameter without a locator is refused with the line to add', () => {
    expect(() =>
      placeRequirement(requirementOf('project:edit'), route('PATCH /projects/:id', 'id'), model),
    ).toThrow(
      "`PATCH /projects/:id` has the path parameter `id`, and `project:edit` does not say which project it guards: add `resource: param('id')`, or `scope: 'organization'` to ask for all of them",
    )
  })

  test('so is an organization-level permission: the path may choose the organization', () => {
    expect(() =>
      placeRequirement(requirementOf('billing:manage'), route('GET /orgs/:orgId/invoices', 'orgId'), model),
    ).toThrow("add `resource: param('orgId')`")
  })

  test('the line to add names the parameter that sounds like the type', () => {
    const parameters = ['projectId', 'taskId']
    expect(() => placeRequirement(requirementOf('project:edit'), route('r', ...parameters), model)).toThrow(
      "param('projectId')",
    )
  })

  test('on the organization, said aloud, whatever the path holds', () => {
    const requirement = requirementOf('project:edit', { scope: 'organization' })
    expect(placeRequirement(requirement, route('PATCH /projects/:id', 'id'), model)).toEqual(requirement)
  })

  test('on what the locator of its type finds, where the route has that parameter', () => {
    const locators = { project: param('projectId') }
    const requirement = requirementOf('project:edit')
    expect(placeRequirement(requirement, route('r', 'projectId'), model, locators)).toMatchObject({
      resource: locators.project,
    })
    expect(() => placeRequirement(requirement, route('r', 'id'), model, locators)).toThrow(
      'does not say which',
    )
    expect(() =>
      placeRequirement(requirementOf('workspace:manage'), route('r', 'projectId'), model, locators),
    ).toThrow('does not say which workspace')
  })

  test('a locator of its own wins over the one of its type', () => {
    const requirement = requirementOf('project:edit', { resource: param('id') })
    const locators = { project: param('projectId') }
    expect(placeRequirement(requirement, route('r', 'id', 'projectId'), model, locators)).toEqual(requirement)
  })
})

describe('a requirement against the model', () => {
  test('an unknown permission is refused with the one that was meant', () => {
    expect(() => checkAgainstModel(requirementOf('project:edt'), model)).toThrow(
      'did you mean `project:edit`?',
    )
    expect(() => checkAgainstModel(requirementOf('project:edit'), model)).not.toThrow()
  })

  test('an unknown type in a locator is refused', () => {
    const requirement = requirementOf('project:edit', { resource: param('id', { type: 'projct' }) })
    expect(() => checkAgainstModel(requirement, model)).toThrow('did you mean `project`?')
  })

  test('one locator for permissions of two types is refused: the ids of two types may coincide', () => {
    const id = param('id')
    expect(() =>
      checkAgainstModel(requirementOf(any('project:edit', 'workspace:manage'), { resource: id }), model),
    ).toThrow("param('id') would be read as a `project` and as a `workspace`")
    const apart = any('project:edit', permission('workspace:manage', { resource: param('workspaceId') }))
    expect(() => checkAgainstModel(requirementOf(apart, { resource: id }), model)).not.toThrow()
    const typed = requirementOf(any('project:edit', 'workspace:manage'), {
      resource: param('id', { type: 'project' }),
    })
    expect(() => checkAgainstModel(typed, model)).not.toThrow()
  })
})

describe('a locator against the route', () => {
  test('a parameter that the path does not have is refused', () => {
    const requirement = requirementOf('project:edit', { resource: param('projectId') })
    expect(() => checkLocatorsFit(requirement, route('PATCH /projects/:id', 'id'))).toThrow(
      "`PATCH /projects/:id` has the path parameter `id`, and `project:edit` looks for param('projectId')",
    )
    expect(() => checkLocatorsFit(requirement, route('r', 'projectId'))).not.toThrow()
  })

  test('so is one for the organization', () => {
    const requirement = requirementOf('project:edit', {
      resource: param('id', { organization: param('orgId') }),
    })
    expect(() => checkLocatorsFit(requirement, route('r', 'id'))).toThrow("param('orgId')")
  })

  test('a body is not known at start', () => {
    const requirement = requirementOf('project:edit', { resource: body('projectId') })
    expect(() => checkLocatorsFit(requirement, route('POST /apps'))).not.toThrow()
  })
})
