/** `npm run bench [-- NAME]`: runs the measurements one after the other, each in a process of its own. Figures are compared by ratio, on one machine, in one run. */
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'

const wanted = process.argv.slice(2)
const all = ['hash', 'scan', 'load', 'memory', 'wallboard', 'explorerScroll', 'application']
/** Takes 25 GB of disk: nobody gets that unasked. */
const onlyWhenNamed = ['deviceLane']
const unknown = wanted.filter((name) => ![...all, ...onlyWhenNamed].includes(name))
if (unknown.length > 0) {
  process.stderr.write(`There is no measurement called ${unknown.join(', ')}. There are: ${[...all, ...onlyWhenNamed].join(', ')}\n`)
  process.exit(2)
}
for (const name of wanted.length > 0 ? wanted : all) {
  process.stdout.write(`── ${name}\n`)
  const { status } = spawnSync(process.execPath, [join(import.meta.dirname, `${name}.ts`)], { stdio: 'inherit' })
  if (status !== 0) process.exitCode = 1
}
