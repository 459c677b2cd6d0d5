import { Catalog } from '@bailiwick-examples/product'
import { Module } from '@nestjs/common'
import { AppsController } from './apps.controller.js'
import { BillingController } from './billing.controller.js'
import { HealthController } from './health.controller.js'
import { MeController } from './me.controller.js'
import { ProjectsController } from './projects.controller.js'

@Module({
  controllers: [HealthController, MeController, ProjectsController, AppsController, BillingController],
  providers: [Catalog],
})
export class AppModule {}
