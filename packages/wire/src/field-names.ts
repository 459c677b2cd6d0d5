/** A field as the wire names it: `externalId` is `external_id`. */
export function fieldOnWire(field: string): string {
  return field.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
}
