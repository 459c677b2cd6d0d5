import { InvalidArgumentError } from 'commander'

/** An organization, as `--organization` names it. */
export function organizationId(text: string): string {
  if (/^org_[A-Za-z0-9_-]{1,64}$/.test(text)) return text
  throw new InvalidArgumentError('It must be the id of an organization: `org_…`.')
}

/** An instant, as `--from` and `--to` name it. */
export function instant(text: string): string {
  const time = /^\d{4}-\d{2}-\d{2}/.test(text) ? Date.parse(text) : Number.NaN
  if (Number.isNaN(time))
    throw new InvalidArgumentError('It must be a date or an instant, as ISO 8601 has it.')
  return new Date(time).toISOString()
}
