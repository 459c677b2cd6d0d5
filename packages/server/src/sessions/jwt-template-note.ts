import { type Notebook, renderJwtTemplate, type Timestamp } from '@bailiwick/core'

/** The JWT template of the environment. */
export interface JwtTemplate {
  readonly content: string
  readonly createdAt: Timestamp
  readonly updatedAt: Timestamp
}

const [bucket, key] = ['jwt_template', 'environment']

/** The template, if there is one. */
export async function readJwtTemplate(notebook: Notebook): Promise<JwtTemplate | undefined> {
  const note = await notebook.read(bucket, key)
  return note === undefined ? undefined : (JSON.parse(note) as JwtTemplate)
}

/** Keep a template, in place of the one before. @throws {JwtTemplateInvalid} for one that could never be rendered. */
export async function writeJwtTemplate(
  notebook: Notebook,
  content: string,
  now: Timestamp,
): Promise<JwtTemplate> {
  requireRenderable(content)
  const before = await readJwtTemplate(notebook)
  const template = { content, createdAt: before?.createdAt ?? now, updatedAt: now }
  await notebook.write(bucket, key, JSON.stringify(template))
  return template
}

/** For nobody, since every root may be null; and for somebody, since a whole object cannot stand within a string. */
function requireRenderable(content: string): void {
  renderJwtTemplate(content, {})
  renderJwtTemplate(content, somebody)
}

const somebody = {
  user: { id: 'user_x', metadata: {}, identities: {} },
  organization: { id: 'org_x', metadata: {}, domains: [{ domain: 'x.example' }] },
  organization_membership: { id: 'om_x', role: 'member', roles: ['member'], custom_attributes: {} },
}
