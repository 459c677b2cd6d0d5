import type { DenyReason, MembershipId, ModelDefinition, OrganizationId, SubjectRef } from '@bailiwick/core'
import type { Command } from '../oracle/command.js'

/** A small story with its moral: facts, what is done to them, and what everybody may do after each step. */
export interface World {
  /** The name of its file, without `.yaml`. */
  readonly name: string
  readonly idea: string
  /** As the story begins. */
  readonly model: ModelDefinition
  /** The first step makes the organizations. */
  readonly steps: readonly Step[]
}

export interface Step {
  /** The model from here on; the engine is closed and opened again with it. */
  readonly model?: ModelDefinition
  readonly commands: readonly Told[]
  /** The code with which the model, or the one command, is refused. */
  readonly refused?: string
  readonly checks: readonly Expected[]
}

/** A command and the sentence that tells it. */
export interface Told {
  readonly sentence: string
  readonly command: WorldCommand
}

export type WorldCommand = Command | TakeRole

/** Take back a role that is named by what it is, and not by the id that its assignment happens to have. */
export interface TakeRole {
  readonly do: 'takeRole'
  readonly organizationId: OrganizationId
  readonly subject: SubjectRef
  readonly role: string
  readonly resource: Named
}

/** A resource as an application names it. */
export interface Named {
  readonly type: string
  readonly externalId: string
}

/** One check, and all that is expected of its answer. */
export interface Expected {
  readonly sentence: string
  /** The organization in which it is asked. */
  readonly organizationId: OrganizationId
  readonly membershipId: MembershipId
  readonly userId: string
  readonly permission: string
  /** `undefined`: the whole organization. */
  readonly resource: (Named & { readonly organizationId: OrganizationId }) | undefined
  readonly answer: ExpectedAnswer
  /** `editor on project/web`, nearest first. */
  readonly nearest: readonly string[] | undefined
  /** `project/web`, and so on up to `organization`. */
  readonly path: readonly string[] | undefined
}

export type ExpectedAnswer =
  /** Every grant: `member` for a role of the membership itself, `editor on project/web` for one assigned. */
  | { readonly kind: 'allow'; readonly grants: readonly string[] }
  | { readonly kind: 'deny'; readonly reason: DenyReason }
