/** firn doctor: checks everything a migration needs, step by step, before it is needed. */
import type { Command } from 'commander'
import { checkup } from '../../engine/doctor.ts'
import { exitCodes } from '../exitCodes.ts'
import { action } from '../session.ts'

const signs = { good: 'ok  ', bad: 'FAIL', unknown: '?   ' } as const

export function doctorCommand(program: Command): void {
  const command = program
    .command('doctor')
    .description('check machine, journal, archive, AWS, share: what works, what is missing, what to do')
  action(command, async (session) =>
    session.withMigration(async (work) => {
      const results = []
      for await (const result of checkup(work)) {
        results.push(result)
        session.output.line(`  ${signs[result.state]} ${result.step.padEnd(18)} ${result.message}`)
        if (result.todo !== undefined) session.output.line(`       ${''.padEnd(18)} ${result.todo}`)
      }
      const bad = results.filter((result) => result.state !== 'good').length
      session.output.line(bad === 0 ? 'All is well.' : `${bad} of ${results.length} steps need attention.`)
      return { exitCode: bad === 0 ? exitCodes.done : exitCodes.needsPerson, summary: { steps: results } }
    }),
  )
}
