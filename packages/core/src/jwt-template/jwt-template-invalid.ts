import { AuthorizationError } from '../errors/authorization-error.js'

/** A JWT template that the identity provider would refuse, or that cannot be rendered for this person. */
export class JwtTemplateInvalid extends AuthorizationError<'jwt_template_invalid'> {
  override readonly name = 'JwtTemplateInvalid'
  override readonly kind = 'invalid'

  constructor(message: string) {
    super('jwt_template_invalid', `JWT template: ${message}`)
  }
}
