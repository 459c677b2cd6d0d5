#!/usr/bin/env node
import { Command } from 'commander'

await new Command('bailiwick').description('Authorization for B2B products').parseAsync()
