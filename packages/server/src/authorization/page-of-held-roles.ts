import { CursorInvalid, type EntityPageOptions, type HeldRolePage } from '@bailiwick/core'
import { assignmentId, heldRoleId } from '@bailiwick/wire'

type ListHeldRoles = (page: EntityPageOptions) => Promise<HeldRolePage>

const mostAtOnce = 100
const nothing: HeldRolePage = { items: [], before: null, after: null }

/**
 * A page of held roles from a place that the list gave, or from the id of one of its items, as WorkOS takes it. An id
 * says nothing of its place, so the list is looked through for it: whoever goes on from `list_metadata` never pays.
 *
 * @throws {CursorInvalid} for an id that the list does not have.
 */
export async function pageOfHeldRoles(list: ListHeldRoles, page: EntityPageOptions): Promise<HeldRolePage> {
  const { after, before, ...rest } = page
  if (after !== undefined && before === undefined && isItemId(after)) {
    const place = await placeOf(list, rest, after)
    return place.itself === null ? nothing : list({ ...rest, after: place.itself })
  }
  if (before !== undefined && after === undefined && isItemId(before)) {
    const place = await placeOf(list, rest, before)
    if (place.previous === null) return nothing
    const itself = await list({ ...rest, limit: 1, after: place.previous })
    return itself.before === null ? nothing : list({ ...rest, before: itself.before })
  }
  return list(page)
}

function isItemId(place: string): boolean {
  return assignmentId.safeParse(place).success
}

/** The places of an item and of the one before it; `null` past the end, and before the beginning. */
async function placeOf(
  list: ListHeldRoles,
  { order }: Pick<EntityPageOptions, 'order'>,
  id: string,
): Promise<{ readonly itself: string | null; readonly previous: string | null }> {
  const options = order === undefined ? {} : { order }
  let start: string | null = null
  do {
    const from: EntityPageOptions = start === null ? options : { ...options, after: start }
    const page: HeldRolePage = await list({ ...from, limit: mostAtOnce })
    const index = page.items.findIndex((held) => heldRoleId(held) === id)
    if (index !== -1) {
      const { after: itself } = await list({ ...from, limit: index + 1 })
      const previous = index === 0 ? start : (await list({ ...from, limit: index })).after
      return { itself, previous }
    }
    start = page.after
  } while (start !== null)
  throw new CursorInvalid()
}
