/**
 * What comes of a promise, unless its caller gives up first: then the reason that the signal gives. What is waited for
 * goes on, since others may wait for the same.
 */
export function unlessAborted<Value>(
  coming: Promise<Value>,
  signal: AbortSignal | undefined,
): Promise<Value> {
  if (signal === undefined) return coming
  return new Promise((resolve, reject) => {
    const leave = () => reject(signal.reason as Error)
    signal.addEventListener('abort', leave, { once: true })
    coming.then(resolve, reject).finally(() => signal.removeEventListener('abort', leave))
  })
}
