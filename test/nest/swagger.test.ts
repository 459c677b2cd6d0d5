import {
  Authenticated,
  AuthorizationModule,
  all,
  any,
  Conceal,
  Public,
  param,
  RequirePermission,
} from '@bailiwick/nest'
import { Controller, Get, Module, Patch } from '@nestjs/common'
import { NestFactory } from '@nestjs/core'
import { ExpressAdapter } from '@nestjs/platform-express'
import { FastifyAdapter } from '@nestjs/platform-fastify'
import { ApiResponse, DocumentBuilder, SwaggerModule } from '@nestjs/swagger'
import { expect, test } from 'vitest'
import { openProduct } from '../guards/product.js'

test.each([
  ['Express', () => new ExpressAdapter()],
  ['Fastify', () => new FastifyAdapter()],
])('an OpenAPI document tells what routes demand, without a word for it, on %s', async (_, adapter) => {
  const { authorizer } = await openProduct()
  const onId = { resource: param('id') }

  @Controller('projects')
  @RequirePermission('project:view', { scope: 'organization' })
  class Projects {
    @Get()
    list() {}

    @Get('open')
    @Public()
    open() {}

    @Get('me')
    @Authenticated()
    me() {}

    @Get(':id')
    @Conceal()
    @RequirePermission('project:view', onId)
    read() {}

    @Patch(':id')
    @ApiResponse({ status: 403, description: 'Ask your admin' })
    @RequirePermission(all('project:view', any('project:edit', 'project:delete')), onId)
    edit() {}
  }

  @Module({ imports: [AuthorizationModule.forRoot({ authorizer })], controllers: [Projects] })
  class AppModule {}
  const app = await NestFactory.create(AppModule, adapter(), { logger: false })
  const { paths } = SwaggerModule.createDocument(app, new DocumentBuilder().build())
  const refusals = (path: string, method: 'get' | 'patch' = 'get') =>
    Object.keys(paths[path]?.[method]?.responses ?? {}).filter((status) => status >= '400')

  expect(paths['/projects']?.get).toMatchObject({ 'x-required-permissions': ['project:view'] })
  expect(refusals('/projects')).toEqual(['401', '403', '503'])
  expect(paths['/projects/open']?.get).not.toHaveProperty('x-required-permissions')
  expect(refusals('/projects/open')).toEqual([])
  expect(paths['/projects/me']?.get).not.toHaveProperty('x-required-permissions')
  expect(refusals('/projects/me')).toEqual(['401', '503'])
  expect(refusals('/projects/{id}')).toEqual(['401', '404', '503'])
  expect(paths['/projects/{id}']?.patch).toMatchObject({
    'x-required-permissions': ['project:view', { anyOf: ['project:edit', 'project:delete'] }],
    responses: { 403: { description: 'Ask your admin' } },
  })
  await app.close()
})
