import type { OrganizationId } from '@bailiwick/core'
import type { ResourceName, Subject } from './world.js'

/** Something that both engines are asked. */
export type Question = CheckAsked | ResourcesAsked | SubjectsAsked

export interface CheckAsked {
  readonly ask: 'check'
  readonly subject: Subject
  readonly onBehalfOf: readonly Subject[]
  readonly permission: string
  readonly resource: ResourceName
}

export interface ResourcesAsked {
  readonly ask: 'resources'
  readonly organization: OrganizationId
  readonly subject: Subject
  readonly onBehalfOf: readonly Subject[]
  readonly permission: string
  readonly type: string
  readonly under: { readonly resource: ResourceName; readonly depth: 'subtree' | 'children' } | undefined
}

export interface SubjectsAsked {
  readonly ask: 'subjects'
  readonly permission: string
  readonly resource: ResourceName
  readonly kind: Subject['kind']
  readonly access: 'any' | 'direct'
}

/** The answer to a check, or the names in a list: sorted, and complete. */
export type Answer = 'allow' | 'deny' | readonly string[]

/** An engine that was told a world. */
export interface Opinion {
  /** In the order of the questions. */
  answer(questions: readonly Question[]): Promise<readonly Answer[]>
}
