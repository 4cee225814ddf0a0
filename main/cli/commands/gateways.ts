/** firn gateways: what gateways and file shares the account has, what is wrong with them, and with --probe the proof that a mount is its share. */
import type { Command } from 'commander'
import { findingInEnglish } from '../../../shared/domain/gatewayFindingWords.ts'
import type { GatewayFinding } from '../../../shared/domain/gatewayFindings.ts'
import type { GatewayFound, ShareFound } from '../../../shared/domain/gateway.ts'
import { formatBytes } from '../../../shared/units/bytes.ts'
import { formatDuration } from '../../../shared/units/duration.ts'
import { proveMount, surveyShares, type GatewaySurvey } from '../../engine/gatewaySteps.ts'
import { exitCodes } from '../exitCodes.ts'
import { count } from '../output.ts'
import { action, type Session } from '../session.ts'

export function gatewaysCommand(program: Command): void {
  const command = program
    .command('gateways')
    .description('list the gateways and file shares of the account, where they are mounted here, and what is wrong with them')
    .option('--probe', 'prove each mount: a small file written through it must appear in the bucket, and is removed again', false)
  action(command, async (session) =>
    session.withMigration(async (work) => {
      const skew = new Map<string, number>()
      const probes = []
      if (command.opts<{ probe: boolean }>().probe) {
        const { mounts } = await surveyShares(work, skew)
        for (const { shareArn } of mounts) {
          const probe = await proveMount(work, shareArn)
          skew.set(shareArn, probe.skewMs)
          probes.push({ shareArn, ...probe })
        }
      }
      const survey = await surveyShares(work, skew)
      tell(session, survey)
      for (const { shareArn, landedMs, removed } of probes)
        session.output.line(
          `Proven: ${idOf(shareArn)} is mounted here; a file was in the bucket after ${formatDuration(landedMs)}${removed ? '' : ', and is not yet gone from it'}.`,
        )
      const grave = survey.findings.some(({ weight }) => weight === 'grave')
      return { exitCode: grave ? exitCodes.needsPerson : exitCodes.done, summary: { ...survey, probes } }
    }),
  )
}

function tell({ output }: Session, { gateways, findings, mounts, mountsUnknown }: GatewaySurvey): void {
  if (gateways.length === 0) output.line('The account has no gateway in this Region.')
  for (const gateway of gateways) {
    output.line(`${gateway.gatewayId}  ${gateway.name}  ${gatewayWords(gateway)}`)
    tellFindings(output, findings, gateway.gatewayArn, '  ')
    for (const share of gateway.shares) {
      output.line(`  ${share.shareId}  ${shareWords(share)}`)
      const here = mounts.filter(({ shareArn }) => shareArn === share.shareArn).map(({ folder }) => folder)
      output.line(`    ${here.length === 0 ? 'not mounted on this machine' : `mounted at ${here.join(', ')}`}`)
      tellFindings(output, findings, share.shareArn, '    ')
    }
  }
  if (mountsUnknown) output.line('What this machine has mounted could not be found out.')
  const grave = findings.filter(({ weight }) => weight === 'grave').length
  output.line(`${count(findings.length)} ${findings.length === 1 ? 'finding' : 'findings'}, ${count(grave)} grave`)
}

function tellFindings(output: Session['output'], findings: readonly GatewayFinding[], of: string, indent: string): void {
  for (const finding of findings.filter((one) => one.of === of)) {
    const { what, todo } = findingInEnglish(finding)
    output.line(`${indent}${finding.weight}: ${what} [${finding.code}]`)
    output.line(`${indent}  ${todo}`)
  }
}

function gatewayWords({ type, operationalState, capacity, cache }: GatewayFound): string {
  return [
    type,
    operationalState,
    ...(capacity === null ? [] : [capacity]),
    ...(cache === null ? [] : [`cache ${formatBytes(cache.allocatedBytes)}, ${Math.round(cache.dirtyPercent)} % waiting for upload`]),
  ].join(', ')
}

function shareWords({ protocol, status, bucket, prefix, locationArn, storageClass, encryption }: ShareFound): string {
  return [
    protocol,
    status,
    bucket === null ? locationArn : `s3://${bucket}/${prefix}`,
    ...(storageClass === null ? [] : [storageClass]),
    encryption,
  ].join(', ')
}

function idOf(arn: string): string {
  return arn.slice(arn.lastIndexOf('/') + 1)
}
