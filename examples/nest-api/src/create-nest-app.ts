import 'reflect-metadata'
import { AuthorizationModule, type Authorizer, param } from '@bailiwick/nest'
import type { INestApplication, NestApplicationOptions } from '@nestjs/common'
import { NestFactory } from '@nestjs/core'
import { AppModule } from './app.module.js'

/**
 * The product as a Nest application. It checks its routes when it starts to listen.
 *
 * @param options - As for `NestFactory.create`; `logger` decides whether the route table is printed.
 */
export async function createNestApp(
  authz: Authorizer,
  options: NestApplicationOptions = {},
): Promise<INestApplication> {
  const authorization = AuthorizationModule.forRoot({
    authorizer: authz,
    // Declared once: a permission on a project needs no locator of its own where the path has `:projectId`.
    locators: { project: param('projectId') },
  })
  return NestFactory.create(
    { module: AppModule, imports: [authorization] },
    { abortOnError: false, ...options },
  )
}
