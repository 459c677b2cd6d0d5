import type {
  DenyReason,
  ModelDefinition,
  OrganizationId,
  PermissionsQuestion,
  ResourcesQuestion,
  SubjectRef,
  SubjectsQuestion,
} from '@bailiwick/core'
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
  readonly lists: readonly ExpectedList[]
}

/** A command and the sentence that tells it. */
export interface Told {
  readonly sentence: string
  readonly command: WorldCommand
}

export type WorldCommand = Command | TakeRole | Unmap | LiftExclusion

/** Take back a role that is named by what it is, and not by the id that its assignment happens to have. */
export interface TakeRole {
  readonly do: 'takeRole'
  readonly organizationId: OrganizationId
  readonly subject: SubjectRef
  readonly role: string
  readonly resource: Named
}

/** Remove a mapping that is named by what it is. */
export interface Unmap {
  readonly do: 'unmap'
  readonly organizationId: OrganizationId
  readonly directoryGroup: string
  readonly role: string
  readonly resource: Named
}

/** Remove an exclusion that is named by what it is. */
export interface LiftExclusion {
  readonly do: 'liftExclusion'
  readonly organizationId: OrganizationId
  readonly subject: SubjectRef
  readonly permission: string
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
  readonly subject: Subject
  /** Those for whom the subject acts. */
  readonly onBehalfOf: readonly Subject[]
  readonly permission: string
  /** `undefined`: the whole organization. */
  readonly resource: (Named & { readonly organizationId: OrganizationId }) | undefined
  readonly answer: ExpectedAnswer
  /** `editor on project/web`, nearest first. */
  readonly nearest: readonly string[] | undefined
  /** `project/web`, and so on up to `organization`. */
  readonly path: readonly string[] | undefined
  /** What allows each party for whom the subject acts, in the words of a grant, in the order of the question. */
  readonly delegations: readonly (readonly string[])[] | undefined
  /** `ada on project/web`: whom an exclusion denies it, and where, in no order. */
  readonly exclusions: readonly string[] | undefined
  /** The explanation as people read it, names in the place of ids. */
  readonly sentences: readonly string[] | undefined
}

/** What a world may say of an answer beside the answer itself. */
export type Details = Pick<Expected, 'nearest' | 'path' | 'delegations' | 'exclusions' | 'sentences'>

/** Somebody as a world names him, and in every form that a question can. The first form is by our id. */
export interface Subject {
  readonly kind: 'membership' | 'group' | 'agent'
  /** `ada`, `group/builders` or `bot/helper`. */
  readonly name: string
  readonly refs: readonly [SubjectRef, ...SubjectRef[]]
}

export type ExpectedAnswer =
  /** Every grant of the subject: `member` for a role of its own, `editor on project/web` for one assigned. */
  | { readonly kind: 'allow'; readonly grants: readonly string[] }
  | {
      readonly kind: 'deny'
      readonly reason: DenyReason
      /** The name of the party that is denied, when it is one for whom the subject acts. */
      readonly party: string | undefined
    }

/** A list, and all that is in it, in the words of the world, sorted. */
export type ExpectedList = { readonly sentence: string; readonly items: readonly string[] } & (
  | { readonly list: 'resources'; readonly question: ResourcesQuestion }
  | { readonly list: 'subjects'; readonly question: SubjectsQuestion }
  | { readonly list: 'permissions'; readonly question: PermissionsQuestion }
)
