/** `npm run check`: everything that can be known without running Firn. */
import { runChecks } from './check/run.mjs'

const { failed } = await runChecks()
process.exitCode = failed === 0 ? 0 : 1
