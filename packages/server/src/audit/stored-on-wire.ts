import { fieldOnWire } from '@bailiwick/wire'

/** An entity as it is stored, its fields named as the wire names them. What an application keeps with it stays as it is. */
export function storedOnWire(entity: object): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(entity).map(([field, value]) => [
      fieldOnWire(field),
      field === 'metadata' ? value : onWire(value),
    ]),
  )
}

function onWire(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(onWire)
  return typeof value === 'object' && value !== null ? storedOnWire(value) : value
}
