import { defineModel } from '@bailiwick/core'
import { testEngine } from '@bailiwick/testing'

/**
 * Another application, in which projects are managed as workspaces are elsewhere: one guard for both permissions is
 * right here, and reads one id as things of two types there. Ada may edit the project `web`. Closed by whoever opens it.
 */
export function openOtherProduct() {
  return testEngine({
    model: defineModel({
      resourceTypes: { project: { parents: ['organization'] } },
      permissions: { 'project:edit': 'project', 'workspace:manage': 'project' },
      roles: { editor: { on: 'project', permissions: ['project:edit'] } },
    }),
    organizations: {
      acme: { resources: { 'project:web': {} }, people: { ada: { on: { 'project:web': 'editor' } } } },
    },
  })
}
