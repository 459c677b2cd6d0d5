import { expect } from 'vitest'
import type { Sdk } from './sdks.js'

/** How the server refuses, as the contract has it. */
export interface Refusal {
  readonly status: 400 | 401 | 403 | 404 | 409 | 422
  readonly code?: string
  /** Where the SDK throws another class than it mostly does: a 400 that lists errors. */
  readonly exception?: string
}

/** Expect that the SDK throws the class which it has for the status, with the code where the release tells it. */
export async function expectRefusal(sdk: Sdk, call: Promise<unknown>, refusal: Refusal): Promise<Error> {
  const error = await call.then(
    (value) => Promise.reject(new Error(`answered ${JSON.stringify(value)}, not ${refusal.status}`)),
    (thrown: unknown) =>
      thrown as Error & { readonly status?: number; readonly code?: string; readonly requestID?: string },
  )
  expect({ name: error.name, status: error.status }).toEqual({
    name: refusal.exception ?? exceptions[refusal.status],
    status: refusal.status,
  })
  if (refusal.code !== undefined && sdk.tellsCodeOf.has(refusal.status)) expect(error.code).toBe(refusal.code)
  // 8.13.0 looks for it under another name.
  if (sdk.version !== '8.13.0') expect(error.requestID).toMatch(/^req_/)
  return error
}

/** What the SDK throws, by the name of the class: not every release exports every class. */
const exceptions: Readonly<Record<Refusal['status'], string>> = {
  400: 'GenericServerException',
  401: 'UnauthorizedException',
  403: 'GenericServerException',
  404: 'NotFoundException',
  409: 'ConflictException',
  422: 'UnprocessableEntityException',
}

/** What is not there. */
export const notFound: Refusal = { status: 404, code: 'not_found' }
/** What breaks a rule of the request. */
export const invalid: Refusal = { status: 422, code: 'invalid_request_parameters' }
