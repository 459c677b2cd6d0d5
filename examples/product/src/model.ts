import { defineModel } from '@bailiwick/core'

/** What there is to protect in this product, and which roles open what. */
export const model = defineModel({
  resourceTypes: {
    workspace: { parents: ['organization'] },
    project: { parents: ['workspace'] },
    app: { parents: ['project', 'workspace'] },
  },
  permissions: {
    'project:view': 'project',
    'project:edit': 'project',
    'app:view': 'app',
    // Whoever loses this permission must not deploy once more, so no token answers for it.
    'app:deploy': { on: 'app', fresh: true },
    'billing:manage': 'organization',
  },
  roles: {
    owner: {
      on: 'organization',
      permissions: ['project:view', 'project:edit', 'app:view', 'app:deploy', 'billing:manage'],
    },
    'workspace-admin': {
      on: 'workspace',
      permissions: ['project:view', 'project:edit', 'app:view', 'app:deploy'],
    },
    'project-editor': { on: 'project', permissions: ['project:view', 'project:edit', 'app:view'] },
  },
})

// From here on the compiler knows the permissions: a mistyped one does not build.
declare module '@bailiwick/core' {
  interface Register {
    model: typeof model
  }
}
