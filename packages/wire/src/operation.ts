import type { z } from 'zod'

/** What a key must be allowed for an operation. `admin` may everything; `write` may also check and read. */
export type KeyScope = 'read' | 'check' | 'write' | 'admin'

export type HttpMethod = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'

/** The parts of a request that are described by schemas. */
export interface OperationSchemas {
  readonly params?: z.ZodType
  readonly query?: z.ZodType
  readonly body?: z.ZodType
  /** Absent where the answer has no body. */
  readonly answer?: z.ZodType
}

/** One route of the HTTP API: everything that a server, a client and the OpenAPI document say about it. */
export interface Operation<Schemas extends OperationSchemas = OperationSchemas> {
  /** camelCase and unique: `createResource`. */
  readonly id: string
  readonly method: HttpMethod
  /** With parameters in braces: `/authorization/resources/{resource_id}`. */
  readonly path: string
  readonly summary: string
  /** Which part of the API it belongs to, as OpenAPI groups it. */
  readonly tag: string
  /** `public` needs no key. */
  readonly scope: KeyScope | 'public'
  readonly status: 200 | 201 | 202 | 204
  readonly schemas: Schemas
  /** Its answer holds a secret, so it is kept nowhere: a repeated `Idempotency-Key` runs the operation again. */
  readonly secret?: true
  /** Codes of the errors to expect beyond those of every operation, for the documentation. */
  readonly errors?: readonly string[]
}

/** Declare an operation; its schemas give their types to whoever handles or calls it. */
export function operation<const Schemas extends OperationSchemas>(
  definition: Operation<Schemas>,
): Operation<Schemas> {
  return definition
}

/** The value that a schema yields, or `undefined` where there is none. */
export type Parsed<Schema> = Schema extends z.ZodType ? z.output<Schema> : undefined

/** What a handler is given of a request. */
export interface OperationInput<Schemas extends OperationSchemas> {
  readonly params: Parsed<Schemas['params']>
  readonly query: Parsed<Schemas['query']>
  readonly body: Parsed<Schemas['body']>
}

/** The JSON that it answers. */
export type OperationAnswer<Schemas extends OperationSchemas> = Schemas['answer'] extends z.ZodType
  ? z.input<Schemas['answer']>
  : undefined
