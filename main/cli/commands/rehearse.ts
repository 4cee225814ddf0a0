/** firn rehearse: a whole migration against the simulated AWS, with one command. */
import { existsSync, statSync } from 'node:fs'
import { join, resolve } from 'node:path'
import type { Command } from 'commander'
import { laneNames } from '../../../shared/domain/route.ts'
import { Fault } from '../../../shared/faults/fault.ts'
import { formatBytes } from '../../../shared/units/bytes.ts'
import { formatDuration } from '../../../shared/units/duration.ts'
import { reportFile } from '../../evidence/bag.ts'
import { requireApart } from '../../engine/apart.ts'
import { rehearse } from '../../engine/rehearse.ts'
import { markOver, migrationIn, readPlanted, rehearsalFolder, type Recipe } from '../../engine/rehearsalFolder.ts'
import { prepareRehearsal } from '../../engine/prepareRehearsal.ts'
import { comparePlanted } from '../../engine/comparePlanted.ts'
import { exitCodes } from '../exitCodes.ts'
import { count } from '../output.ts'
import { action, quoted } from '../session.ts'
import { printUnverified, printVerdicts } from './verify.ts'

type Options = { readonly into?: string; readonly instances: string; readonly seed: string; readonly faultPlan?: string }

export function rehearseCommand(program: Command): void {
  const command = program
    .command('rehearse')
    .description('a whole migration against the simulated AWS: of the folder given, or of a synthetic archive')
    .argument('[archive]', 'folder to rehearse with; it is only read')
    .option('--into <folder>', 'where the rehearsal lives (default: the next free one in rehearsals/)')
    .option('--instances <number>', 'DICOM instances of the synthetic archive', '2000')
    .option('--seed <number>', 'seed of the synthetic archive', '1')
    .option('--fault-plan <file>', 'JSON that says what shall go wrong (docs/sandbox.md)')
  action(command, async (session) => {
    const { output } = session
    const startedAt = performance.now()
    const recipe = recipeFrom(command.args[0], command.opts<Options>())
    const home = resolve('rehearsals')
    const { into } = command.opts<Options>()
    if (recipe.archive !== null) requireApart(into === undefined ? 'current folder' : '--into', into ?? home, [recipe.archive])
    const place = rehearsalFolder(home, into, recipe)
    const { folder } = place
    session.goOnWith = `firn ${wayOn(command.args, command.opts<Options>(), folder).map(quoted).join(' ')}`
    if (place.freedBytes > 0)
      output.remark(`Removed the simulated AWS of earlier rehearsals (${formatBytes(place.freedBytes)}); their evidence stays.`)
    output.remark(place.resumed ? `Going on with the rehearsal in ${folder}` : `Rehearsal in ${folder}`)
    await prepareRehearsal({ folder, recipe, watch: session.watch, signal: session.signal })

    return session.withMigration(async (work, { journal }) => {
      output.remark(`AWS: ${work.wiring.awsAt}`)
      const { verification, evidence } = await rehearse(work, (text) => output.remark(text))
      const planted = readPlanted(folder)
      const anomalies = planted === undefined ? undefined : comparePlanted(journal, planted)
      const unverified = journal.unverified()
      const good = verification.allVerified && unverified.items === 0 && (anomalies?.same ?? true)
      const report = join(evidence.folder, reportFile)
      const tookMs = performance.now() - startedAt
      markOver(folder, { good, report })

      const lanes = journal.laneCounts()
      output.line()
      output.line('Lanes')
      for (const lane of lanes) {
        output.line(`  ${count(lane.items).padStart(9)}  ${laneNames[lane.route]}, ${formatBytes(lane.bytes)}, ${lane.state}`)
      }
      const inventoried = journal.archives().reduce((sum, archive) => sum + journal.inventory(archive.id).items, 0)
      const travelling = lanes.reduce((sum, lane) => sum + (lane.state === 'left-behind' ? 0 : lane.items), 0)
      if (inventoried > travelling)
        output.line(`  ${count(inventoried - travelling).padStart(9)}  left behind: no lane takes them; the report names each and why`)
      output.line('Verdicts')
      printVerdicts(verification, journal, output)
      printUnverified(journal, output)
      output.line(`Anomalies${anomalies?.same === true ? ': as planted in the synthetic archive, and no others' : ''}`)
      for (const anomaly of journal.anomalyCounts()) output.line(`  ${count(anomaly.items).padStart(9)}  ${anomaly.code}`)
      if (anomalies?.same === false) {
        output.line(`Planted and found anomalies differ: ${anomalies.missed} missed, ${anomalies.surplus} not planted.`)
      }
      output.line()
      output.line(
        good
          ? `Every item that may travel is verified (${formatDuration(tookMs)}).`
          : 'Not every item is verified: the report names each and why.',
      )
      output.line(`Evidence: ${report}`)
      return {
        exitCode: good ? exitCodes.done : exitCodes.notAllVerified,
        summary: {
          folder,
          verification,
          lanes,
          unverified,
          anomalies: journal.anomalyCounts(),
          planted: anomalies ?? null,
          evidence,
          report,
          tookMs: Math.round(tookMs),
        },
      }
    }, migrationIn(folder))
  })
}

/** The same recipe, in the folder that has it. */
function wayOn(args: readonly string[], options: Options, folder: string): readonly string[] {
  const { instances, seed, faultPlan } = options
  const given = args.length > 0 ? args : ['--instances', instances, '--seed', seed]
  return ['rehearse', ...given, '--into', folder, ...(faultPlan === undefined ? [] : ['--fault-plan', faultPlan])]
}

function recipeFrom(archive: string | undefined, options: Options): Recipe {
  const root = archive === undefined ? null : resolve(archive)
  if (root !== null && !(existsSync(root) && statSync(root).isDirectory())) throw new Fault('archive-missing')
  const whole = (name: string, text: string): number => {
    const value = Number(text)
    if (!Number.isInteger(value) || value < 1) throw new Fault('bad-input', { field: name, problem: 'is not a whole number above 0' })
    return value
  }
  const faultPlan = options.faultPlan === undefined ? null : resolve(options.faultPlan)
  if (faultPlan !== null && !existsSync(faultPlan))
    throw new Fault('bad-input', { field: '--fault-plan', problem: 'the file is not there' })
  return {
    archive: root,
    instances: whole('--instances', options.instances),
    seed: whole('--seed', options.seed),
    faultPlan,
    speed: 600_000,
  }
}
