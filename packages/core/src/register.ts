import type { Model, ModelShape } from './model/model.js'

/**
 * Tell the compiler your model once, and every permission, role and type is checked as you type.
 *
 * @example
 * declare module '@bailiwick/core' {
 *   interface Register { model: typeof model }
 * }
 */
// biome-ignore lint/suspicious/noEmptyInterface: the application fills it by declaration merging
export interface Register {}

/** The shape of the registered model; any slug is a string while none is registered. */
export type RegisteredShape = Register extends { readonly model: Model<infer Shape> } ? Shape : ModelShape

/** A permission slug of the registered model. */
export type Permission = keyof RegisteredShape['permissions'] & string

/**
 * What the compiler asks for where a permission is written: that permission, if the registered model has it, and else
 * those that were probably meant, which its message then names. Of arguments it says so by no other way.
 *
 * `NoInfer`: or else the compiler looks through all permissions for what may be inferred, at each guard.
 */
export type Meant<Written> = Written extends string
  ? Written extends Permission
    ? Written
    : NoInfer<NearBy<Written>>
  : Written

/** The permissions of the same type; else those of the same name; else all. */
type NearBy<Written extends string> = Written extends `${infer Type}:${infer Name}`
  ? OrElse<
      Extract<Permission, `${Type}:${string}`>,
      OrElse<Extract<Permission, `${string}:${Name}`>, Permission>
    >
  : Permission

type OrElse<First, Second> = [First] extends [never] ? Second : First

// `& string` adds nothing, and has the compiler call it by this name instead of printing the model.
/** A resource type slug of the registered model, `organization` included. */
export type ResourceTypeSlug = RegisteredShape['type'] & string

/** `Meant`, where a resource type is written: the types that begin alike, else all. */
export type MeantType<Written> = Written extends ResourceTypeSlug
  ? Written
  : NoInfer<OrElse<BeginningAs<Written>, ResourceTypeSlug>>

type BeginningAs<Written> = Written extends `${infer First}${string}`
  ? Extract<ResourceTypeSlug, `${First}${string}`>
  : never

/** A role slug of the registered model. */
export type RoleSlug = keyof RegisteredShape['roles'] & string

/** The slug of a role that may be given: one of the registered model, or one that an organization has made for itself. */
export type GivenRole = RoleSlug | `org-${string}`

/** A type with every type that its resources may lie under. */
type TypeAndAbove<T> = T extends keyof RegisteredShape['parents']
  ? T | (string extends T ? never : TypeAndAbove<RegisteredShape['parents'][T]>)
  : T

/**
 * The types on whose resources a permission of type `T` can be held or inherited: the type itself, and those above and
 * below it. A permission asked on any other is a mistake of somebody's.
 */
export type TypesAlong<T extends string> =
  | TypeAndAbove<T>
  | { [U in ResourceTypeSlug]: T extends TypeAndAbove<U> ? U : never }[ResourceTypeSlug]

/** The resource type that a permission belongs to. */
export type TypeOfPermission<P extends Permission> = RegisteredShape['permissions'][P]
