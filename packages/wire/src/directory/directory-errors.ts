import { AuthorizationError, type MembershipId } from '@bailiwick/core'

/** A membership waits for its user to accept: until then it is neither active nor inactive. */
export class MembershipPending extends AuthorizationError<'membership_pending'> {
  override readonly name = 'MembershipPending'
  override readonly kind = 'conflict'

  constructor(
    readonly membershipId: MembershipId,
    readonly action: 'deactivate' | 'reactivate',
  ) {
    super('membership_pending', `membership \`${membershipId}\` is pending, so there is nothing to ${action}`)
  }
}

/** A session was asked for on behalf of a membership that is not active. */
export class MembershipNotActive extends AuthorizationError<'membership_not_active'> {
  override readonly name = 'MembershipNotActive'
  override readonly kind = 'conflict'

  constructor(readonly membershipId: MembershipId) {
    super('membership_not_active', `membership \`${membershipId}\` is not active, so nobody signs in with it`)
  }
}

/** Sessions without a sign-in are for development; the service runs in production, and nobody has allowed them. */
export class MintingDisabled extends AuthorizationError<'minting_disabled'> {
  override readonly name = 'MintingDisabled'
  override readonly kind = 'denied'

  constructor() {
    super(
      'minting_disabled',
      'sessions are not minted in production; allow it with `--mint-sessions enabled`',
    )
  }
}

/**
 * What was offered for new tokens is good for none (any more): unknown, used, expired, or of a session that has
 * ended. One error for all of these, as RFC 6749 section 5.2 has it; the message never contains the token.
 */
export class GrantInvalid extends AuthorizationError<'grant_invalid'> {
  override readonly name = 'GrantInvalid'
  override readonly kind = 'invalid'

  constructor(why: string) {
    super('grant_invalid', why)
  }
}
