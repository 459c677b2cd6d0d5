import { parentPort, workerData } from 'node:worker_threads'
import { runTables } from './run-tables.js'

// Runs in the thread.
if (parentPort !== null) runTables(workerData, parentPort)
