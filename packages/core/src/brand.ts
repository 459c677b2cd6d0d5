declare const brand: unique symbol

/** A value of `Base` that was parsed as a `Name`, so that one id cannot stand where another belongs. */
export type Brand<Base, Name extends string> = Base & { readonly [brand]: Name }
