import { InputInvalid } from '@bailiwick/core'
import { describe, expect, test } from 'vitest'
import { mayConnect, requireTarget } from './address-policy.js'

describe('addresses', () => {
  test.each(['8.8.8.8', '172.32.0.1', '2606:4700::1111'])('%s is reached from anywhere', (address) => {
    expect(mayConnect(address, 'public')).toBe(true)
    expect(mayConnect(address, 'private')).toBe(true)
  })

  test.each([
    ...['127.0.0.1', '127.8.8.8', '10.1.2.3', '172.16.0.1', '172.31.255.255', '192.168.1.1', '100.64.0.1'],
    ...['::1', 'fd12::1', '::ffff:10.1.2.3', '::ffff:7f00:1'],
  ])('%s is inside: only where private targets are allowed', (address) => {
    expect(mayConnect(address, 'public')).toBe(false)
    expect(mayConnect(address, 'private')).toBe(true)
  })

  test.each([
    ...['169.254.169.254', '0.0.0.0', '224.0.0.1', '255.255.255.255', '100.100.100.200', '168.63.129.16'],
    ...['fe80::1', 'fd00:ec2::254', '::', '::ffff:169.254.169.254', '64:ff9b::a9fe:a9fe', 'ff02::1'],
    ...['no address', ''],
  ])('%s is never connected to', (address) => {
    expect(mayConnect(address, 'private')).toBe(false)
  })
})

describe('a URL', () => {
  test.each(['https://hooks.example/in', 'https://8.8.8.8/', 'https://hooks.example:8443/a?b=c'])(
    '%s is a target',
    (url) => {
      expect(() => requireTarget(url, 'public')).not.toThrow()
    },
  )

  test.each([
    'http://hooks.example/',
    'https://user:secret@hooks.example/',
    'https://127.0.0.1/',
    'https://[::1]/',
    'https://0x7f.1/',
    'https://2130706433/',
    'https://169.254.169.254/latest/meta-data',
    'file:///etc/passwd',
  ])('%s is none', (url) => {
    expect(() => requireTarget(url, 'public')).toThrow(InputInvalid)
  })

  test('inside is one where private targets are allowed, and link-local stays none', () => {
    for (const url of ['http://localhost:3000/', 'http://127.0.0.1/', 'http://[::1]/'])
      expect(() => requireTarget(url, 'private')).not.toThrow()
    for (const url of ['http://169.254.169.254/', 'http://[fe80::1]/', 'ftp://localhost/'])
      expect(() => requireTarget(url, 'private')).toThrow(InputInvalid)
  })
})
