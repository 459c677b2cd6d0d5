import { parseOrganizationId } from '@bailiwick/core'

/** Two customers. */
export const acme = parseOrganizationId('org_acme')
export const globex = parseOrganizationId('org_globex')

export const organizations = [
  { id: acme, name: 'Acme' },
  { id: globex, name: 'Globex' },
]

/** One thing of the product; parents stand before their children. */
export interface Sample {
  readonly type: 'workspace' | 'project' | 'app'
  readonly id: string
  readonly name: string
  readonly parent?: Pick<Sample, 'type' | 'id'>
}

const engineering: Sample = { type: 'workspace', id: 'engineering', name: 'Engineering' }
const marketing: Sample = { type: 'workspace', id: 'marketing', name: 'Marketing' }
const web: Sample = { type: 'project', id: 'web', name: 'Website', parent: engineering }
const campaign: Sample = { type: 'project', id: 'campaign', name: 'Spring campaign', parent: marketing }
const storefront: Sample = { type: 'app', id: 'storefront', name: 'Storefront', parent: web }
const reactor: Sample = { type: 'project', id: 'reactor', name: 'Reactor', parent: engineering }

// Both customers number their things alike, as customers do: `web` alone says nothing about whose it is.
const common = [engineering, marketing, web, campaign, storefront]

/** What every customer has. */
export const samples = new Map([
  [acme, common],
  [globex, [...common, reactor]],
])
