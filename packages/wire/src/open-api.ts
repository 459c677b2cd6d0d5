import { z } from 'zod'
import type { Operation } from './operation.js'

type Json = Readonly<Record<string, unknown>>

/** An OpenAPI 3.1 document of these operations: as data, to be served or written to a file. */
export function openApiDocument(operations: readonly Operation[]): Json {
  const paths: Record<string, Record<string, Json>> = {}
  const schemas: Record<string, Json> = { Error: errorSchema }
  for (const operation of operations) {
    const told = describe(operation, (schema) => toJsonSchema(schema, schemas))
    paths[operation.path] = { ...paths[operation.path], [operation.method.toLowerCase()]: told }
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
      schemas,
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

type ToJson = (schema: z.ZodType) => Json

function describe(
  { id, summary, tag, scope, status, schemas, errors, path }: Operation,
  toJson: ToJson,
): Json {
  const { params, query, body, answer } = schemas
  const parameters = [...pathParameters(path, params), ...queryParameters(query)]
  const content = (schema: z.ZodType) => ({ content: { 'application/json': { schema: toJson(schema) } } })
  return {
    operationId: id,
    summary,
    tags: [tag],
    ...(scope === 'public' ? { security: [] } : { security: [{ apiKey: [] }], 'x-scope': scope }),
    ...(errors === undefined ? {} : { 'x-errors': errors }),
    ...(parameters.length === 0 ? {} : { parameters }),
    ...(body === undefined
      ? {}
      : { requestBody: { required: !body.safeParse(undefined).success, ...content(body) } }),
    responses: {
      [status]: {
        description: status === 204 ? 'Done' : 'OK',
        ...(answer === undefined ? {} : content(answer)),
      },
      default: { $ref: '#/components/responses/Error' },
    },
  }
}

/**
 * What is sent, on either side: a schema may turn it into something else, which is nobody's business here. Schemas
 * with an id become components, and are referred to.
 */
function toJsonSchema(schema: z.ZodType, components: Record<string, Json>): Json {
  const { $schema: _, $defs = {}, ...json } = inputSchema(schema)
  for (const [name, { id: _id, ...part }] of Object.entries($defs as Record<string, Json>)) {
    components[name] = refersToComponents(part)
  }
  const { id, ...rest } = json
  if (typeof id !== 'string') return refersToComponents(json)
  components[id] = refersToComponents(rest)
  return { $ref: `#/components/schemas/${id}` }
}

function inputSchema(schema: z.ZodType): Json {
  return z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as Json
}

function refersToComponents(json: Json): Json {
  return JSON.parse(JSON.stringify(json).replaceAll('"#/$defs/', '"#/components/schemas/')) as Json
}

function pathParameters(path: string, schema: z.ZodType | undefined): readonly Json[] {
  const properties = schema === undefined ? {} : propertiesOf(inputSchema(schema))
  return [...path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => ({
    name,
    in: 'path',
    required: true,
    schema: properties[name] ?? { type: 'string' },
  }))
}

function queryParameters(schema: z.ZodType | undefined): readonly Json[] {
  if (schema === undefined) return []
  const json = inputSchema(schema)
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
