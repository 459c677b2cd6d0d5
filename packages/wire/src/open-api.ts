import { z } from 'zod'
import type { Operation } from './operation.js'

type Json = Readonly<Record<string, unknown>>

/** An OpenAPI 3.1 document of these operations: as data, to be served or written to a file. */
export function openApiDocument(operations: readonly Operation[]): Json {
  const paths: Record<string, Record<string, Json>> = {}
  for (const operation of operations) {
    paths[operation.path] = {
      ...paths[operation.path],
      [operation.method.toLowerCase()]: describe(operation),
    }
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Bailiwick',
      version: '1',
      description: 'The WorkOS Authorization API, AuthZEN and more, over the engine.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: '/' }],
    tags: [...new Set(operations.map(({ tag }) => tag))].map((name) => ({ name })),
    paths,
    components: {
      securitySchemes: {
        apiKey: { type: 'http', scheme: 'bearer', description: '`Authorization: Bearer sk_…`' },
      },
      schemas: { Error: errorSchema },
      responses: {
        Error: {
          description: 'What went wrong',
          headers: { 'X-Request-ID': { schema: { type: 'string' } } },
          content: { 'application/json': { schema: { $ref: '#/components/schemas/Error' } } },
        },
      },
    },
  }
}

function describe({ id, summary, tag, scope, status, schemas, errors, path }: Operation): Json {
  const answer = schemas.answer === undefined ? {} : { content: jsonOf(schemas.answer) }
  const parameters = [...pathParameters(path, schemas.params), ...queryParameters(schemas.query)]
  return {
    operationId: id,
    summary,
    tags: [tag],
    ...(scope === 'public' ? { security: [] } : { security: [{ apiKey: [] }], 'x-scope': scope }),
    ...(errors === undefined ? {} : { 'x-errors': errors }),
    ...(parameters.length === 0 ? {} : { parameters }),
    ...(schemas.body === undefined
      ? {}
      : {
          requestBody: {
            required: !schemas.body.safeParse(undefined).success,
            content: jsonOf(schemas.body),
          },
        }),
    responses: {
      [status]: { description: status === 204 ? 'Done' : 'OK', ...answer },
      default: { $ref: '#/components/responses/Error' },
    },
  }
}

function jsonOf(schema: z.ZodType): Json {
  return { 'application/json': { schema: toJsonSchema(schema) } }
}

/** What is sent, on either side: a schema may turn it into something else, which is nobody's business here. */
function toJsonSchema(schema: z.ZodType): Json {
  const { $schema: _, ...json } = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as Json
  return json
}

function pathParameters(path: string, schema: z.ZodType | undefined): readonly Json[] {
  const properties = schema === undefined ? {} : propertiesOf(toJsonSchema(schema))
  return [...path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => ({
    name,
    in: 'path',
    required: true,
    schema: properties[name] ?? { type: 'string' },
  }))
}

function queryParameters(schema: z.ZodType | undefined): readonly Json[] {
  if (schema === undefined) return []
  const json = toJsonSchema(schema)
  const required = new Set(json.required as readonly string[] | undefined)
  return Object.entries(propertiesOf(json)).map(([name, property]) => ({
    name,
    in: 'query',
    required: required.has(name),
    schema: property,
  }))
}

/** The properties of an object, or of every alternative of one. */
function propertiesOf(json: Json): Readonly<Record<string, unknown>> {
  const parts = [...((json.allOf ?? json.anyOf ?? []) as readonly Json[])]
  return Object.assign({}, ...parts.map(propertiesOf), json.properties)
}

const errorSchema: Json = {
  type: 'object',
  required: ['message', 'code', 'reason'],
  properties: {
    message: { type: 'string' },
    code: { type: 'string', description: 'The code of the WorkOS API' },
    reason: { type: 'string', description: 'Our own code, one for each way to fail' },
    errors: {
      type: 'array',
      items: {
        type: 'object',
        required: ['field', 'code', 'message'],
        properties: {
          field: { type: 'string' },
          code: { type: 'string' },
          message: { type: 'string' },
        },
      },
    },
    details: { type: 'object', description: 'The facts of the error' },
    request_id: { type: 'string' },
  },
}
