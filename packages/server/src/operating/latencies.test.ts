import { expect, test } from 'vitest'
import { Latencies } from './latencies.js'

test('a histogram counts each request in every bucket that is no shorter', () => {
  const latencies = new Latencies('took_seconds', 'How long it took')
  latencies.observe('GET', '/a/{id}', 200, 0.0005)
  latencies.observe('GET', '/a/{id}', 200, 0.0006)
  latencies.observe('GET', '/a/{id}', 200, 9)
  latencies.observe('GET', '/a/{id}', 404, 0.03)
  const lines = latencies.render().split('\n')
  expect(lines.slice(0, 2)).toEqual(['# HELP took_seconds How long it took', '# TYPE took_seconds histogram'])
  const found = 'method="GET",route="/a/{id}",status="200"'
  expect(lines).toContain(`took_seconds_bucket{${found},le="0.0005"} 1`)
  expect(lines).toContain(`took_seconds_bucket{${found},le="0.001"} 2`)
  expect(lines).toContain(`took_seconds_bucket{${found},le="2.5"} 2`)
  expect(lines).toContain(`took_seconds_bucket{${found},le="+Inf"} 3`)
  expect(lines).toContain(`took_seconds_sum{${found}} 9.0011`)
  expect(lines).toContain(`took_seconds_count{${found}} 3`)
  expect(lines).toContain('took_seconds_count{method="GET",route="/a/{id}",status="404"} 1')
})
