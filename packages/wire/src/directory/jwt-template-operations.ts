import { operation } from '../operation.js'
import { jwtTemplateJson, newJwtTemplateJson } from './jwt-template.js'

const tag = 'Sessions'
const path = '/user_management/jwt_template'

/** `GET /user_management/jwt_template` */
export const getJwtTemplate = operation({
  id: 'getJwtTemplate',
  method: 'GET',
  path,
  summary: 'Get the template of the claims that every access token carries beside its own',
  tag,
  scope: 'read',
  status: 200,
  schemas: { answer: jwtTemplateJson },
  errors: ['not_found'],
})

/** `PUT /user_management/jwt_template` */
export const putJwtTemplate = operation({
  id: 'updateJwtTemplate',
  method: 'PUT',
  path,
  summary: 'Keep a template, in place of the one before',
  tag,
  scope: 'admin',
  status: 200,
  schemas: { body: newJwtTemplateJson, answer: jwtTemplateJson },
  errors: ['jwt_template_invalid'],
})
