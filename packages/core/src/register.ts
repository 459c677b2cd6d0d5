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

/** A resource type slug of the registered model, `organization` included. */
export type ResourceTypeSlug = RegisteredShape['type']

/** A role slug of the registered model. */
export type RoleSlug = keyof RegisteredShape['roles'] & string

/** The resource type that a permission belongs to. */
export type TypeOfPermission<P extends Permission> = RegisteredShape['permissions'][P]
