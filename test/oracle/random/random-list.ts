import type { ListQuestion } from '../ask-lists.js'
import type { Facts } from '../facts.js'
import { find } from '../find.js'
import { refToResource, strangeResource } from './names.js'
import type { Random } from './random.js'
import { randomQuestion } from './random-question.js'

/** A question for a list, about what a check asks: so that most of the lists hold something. */
export function randomList(random: Random, facts: Facts): ListQuestion {
  const { permission: asked, resource: ref, ...asking } = randomQuestion(random, facts)
  const { organizationId, onBehalfOf = [] } = asking
  const known = facts.permissions.some(({ slug }) => slug === asked)
  const permission = known ? asked : (random.pick(facts.permissions)?.slug ?? asked)
  const place = find.place(facts, organizationId, ref)
  // A chain beyond its limit is asked about in checks.
  const party = { ...asking, onBehalfOf: onBehalfOf.slice(0, 10) }
  const resource = ref === undefined ? {} : { resource: ref }
  const limit = random.pick([1, 3, 10, 100])
  return random.weighted<() => ListQuestion>([
    [
      4,
      () => {
        const under = random.pick(facts.resources.filter((each) => each.organizationId === organizationId))
        const type = random.chance(0.7) ? place?.type : random.pick(facts.types)?.slug
        const question = {
          ...party,
          permission,
          type: type ?? 'organization',
          ...(under === undefined || random.chance(0.4) ? {} : { under: refToResource(random, under) }),
          ...(random.chance(0.05) ? { under: strangeResource(random, facts) } : {}),
          ...(random.chance(0.3) ? { depth: 'children' as const } : {}),
        }
        return { list: 'resources', question, limit }
      },
    ],
    [
      4,
      () => {
        const kind = random.weighted([
          [4, 'membership'],
          [1, 'group'],
          [1, 'agent'],
        ] as const)
        const access = random.chance(0.3) ? 'direct' : 'any'
        const question = { organizationId, permission, ...resource, kind, access } as const
        return { list: 'subjects', question, limit }
      },
    ],
    [1, () => ({ list: 'permissions', question: { ...party, ...resource } })],
    [
      2,
      () => {
        const type = (random.chance(0.7) ? place?.type : random.pick(facts.types)?.slug) ?? 'organization'
        return { list: 'scope', question: { ...party, permission, type } }
      },
    ],
  ])()
}
