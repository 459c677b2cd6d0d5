import { Public } from '@bailiwick/nest'
import { Controller, Get } from '@nestjs/common'

@Controller('health')
export class HealthController {
  @Get()
  @Public()
  health() {
    return { status: 'ok' }
  }
}
