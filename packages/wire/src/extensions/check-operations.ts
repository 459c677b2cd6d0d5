import { operation } from '../operation.js'
import { checksAnswer, checksBody } from './checks.js'
import { explanation } from './explanations.js'
import { checkQuestion } from './questions.js'

const tag = 'Checks'

/** `POST /authorization/checks` */
export const checkMany = operation({
  id: 'checkMany',
  method: 'POST',
  path: '/authorization/checks',
  summary: 'Answer up to 100 checks, each on its own, those about one organization at one moment',
  tag,
  scope: 'check',
  status: 200,
  schemas: { body: checksBody, answer: checksAnswer },
})

/** `POST /authorization/explain` */
export const explain = operation({
  id: 'explain',
  method: 'POST',
  path: '/authorization/explain',
  summary: 'Answer a check with every grant, or with every nearest miss, and the way up to the organization',
  tag,
  scope: 'check',
  status: 200,
  schemas: { body: checkQuestion, answer: explanation },
  errors: ['membership_not_found', 'group_not_found', 'agent_not_found'],
})
