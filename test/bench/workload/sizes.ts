/** How much of everything there is. Groups are 20 an organization; assignments are three for each membership. */
export interface Size {
  readonly name: string
  readonly organizations: number
  readonly resourcesEach: number
  readonly membershipsEach: number
}

/** 1 000 resources and 1 000 memberships over 10 organizations. */
export const sizeS: Size = { name: 'S', organizations: 10, resourcesEach: 100, membershipsEach: 100 }

/** 100 000 resources and 50 000 memberships over 100 organizations. */
export const sizeM: Size = { name: 'M', organizations: 100, resourcesEach: 1_000, membershipsEach: 500 }

/** 1 000 000 resources, 500 000 memberships and 1 500 000 assignments over 1 000 organizations. */
export const sizeL: Size = { name: 'L', organizations: 1_000, resourcesEach: 1_000, membershipsEach: 500 }

/** A tenth of M, for a run that must be short. */
export const sizeSmallM: Size = {
  name: 'M/10',
  organizations: 10,
  resourcesEach: 1_000,
  membershipsEach: 500,
}

/** One organization with 100 000 resources and 150 000 assignments. */
export const sizeOne: Size = {
  name: 'one',
  organizations: 1,
  resourcesEach: 100_000,
  membershipsEach: 50_000,
}

/** A tenth of it. */
export const sizeSmallOne: Size = {
  name: 'one/10',
  organizations: 1,
  resourcesEach: 10_000,
  membershipsEach: 5_000,
}

/** @throws {Error} for a name that is not one of ours. */
export function sizeNamed(name: string): Size {
  const size = [sizeS, sizeSmallM, sizeM, sizeL, sizeOne, sizeSmallOne].find((each) => each.name === name)
  if (size === undefined) throw new Error(`there is no size ${name}`)
  return size
}
