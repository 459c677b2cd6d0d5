import { Misconfigured } from '@bailiwick/core'

/**
 * Where callers reach the service, without a slash at the end.
 *
 * @param named - What the operator calls it.
 * @throws {Misconfigured} for anything but an address of `http` or `https` that ends with its path.
 */
export function readPublicUrl(text: string, named = 'public URL'): string {
  const url = URL.canParse(text) ? new URL(text) : undefined
  const isPlain =
    url !== undefined &&
    /^https?:$/.test(url.protocol) &&
    `${url.username}${url.password}${url.search}${url.hash}` === '' &&
    !/[?#]/.test(text)
  if (!isPlain) {
    throw new Misconfigured(
      `the ${named} must be the address of the service as callers reach it, as \`https://authz.example.com\`: no query, no user`,
    )
  }
  return url.href.replace(/\/+$/, '')
}
