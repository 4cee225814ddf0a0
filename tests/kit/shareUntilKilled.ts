/** A program for kill tests: runs a sandbox over a folder and says 0 when all files of its share have gone up. */
import { startSandbox } from '../../main/sandbox/start.ts'
import { bucket } from './sandboxControl.ts'

const folder = process.argv[2]
if (folder === undefined) throw new Error('say which folder')
const sandbox = await startSandbox({
  folder,
  buckets: [{ name: bucket, versioning: 'Enabled' }],
  shareBucket: bucket,
  sharePrefix: '',
  quietMs: 1,
  multipartAbove: 6_000_000,
})
await sandbox.settle()
await sandbox.close()
