/** The gateways of the account: their shares, where each is mounted on this machine, what is wrong with them, and the proof of a mount. */
import Alert from '@cloudscape-design/components/alert'
import Box from '@cloudscape-design/components/box'
import Button from '@cloudscape-design/components/button'
import Container from '@cloudscape-design/components/container'
import Header from '@cloudscape-design/components/header'
import SpaceBetween from '@cloudscape-design/components/space-between'
import type { Answer } from '../../../shared/contract/bridge.ts'
import type { GatewayFound, ShareFound } from '../../../shared/domain/gateway.ts'
import type { GatewayFinding, Weight } from '../../../shared/domain/gatewayFindings.ts'
import { useAct, useAnswer } from '../../bridge/answers.ts'
import { useLanguage, useWords } from '../../language.tsx'
import { Answered } from '../../parts/Answered.tsx'
import { FaultBox } from '../../parts/FaultBox.tsx'
import { useFigures } from '../../parts/figures.ts'
import { Ago } from '../../parts/Moment.tsx'
import { Tone } from '../../parts/Word.tsx'
import { findingWords } from './findingWords.ts'
import { gatewayWords } from './gatewayWords.ts'

type Survey = Answer<'gateways.survey'>

export function Gateways() {
  const t = useWords(gatewayWords)
  // AWS is asked a dozen questions: when somebody looks, not every few seconds.
  const survey = useAnswer('gateways.survey', {}, { staleTime: 60_000 })
  return (
    <Container
      header={
        <Header
          variant="h2"
          description={t.description}
          actions={
            <Button iconName="refresh" onClick={() => void survey.refetch()}>
              {t.again}
            </Button>
          }
        >
          {t.title}
        </Header>
      }
    >
      <Answered of={survey} empty={{ when: ({ gateways }) => gateways.length === 0, show: <Box>{t.none}</Box> }}>
        {(found) => (
          <SpaceBetween size="l">
            <Sum of={found} />
            {found.gateways.map((gateway) => (
              <Gateway key={gateway.gatewayArn} of={gateway} survey={found} />
            ))}
          </SpaceBetween>
        )}
      </Answered>
    </Container>
  )
}

function Sum({ of: { findings, mountsUnknown, at } }: { readonly of: Survey }) {
  const t = useWords(gatewayWords)
  const grave = findings.filter(({ weight }) => weight === 'grave').length
  const warnings = findings.filter(({ weight }) => weight === 'warning').length
  return (
    <SpaceBetween size="xs">
      <div>
        {grave + warnings === 0 ? (
          <Tone tone="info">{t.nothing}</Tone>
        ) : (
          <Tone tone={grave > 0 ? 'wrong' : 'person'}>{t.found(grave, warnings)}</Tone>
        )}{' '}
        <span className="firn-quiet">
          {t.looked} <Ago at={at} />
        </span>
      </div>
      {mountsUnknown && <Alert type="warning">{t.mountsUnknown}</Alert>}
    </SpaceBetween>
  )
}

function Gateway({ of: gateway, survey }: { readonly of: GatewayFound; readonly survey: Survey }) {
  const figures = useFigures()
  const t = useWords(gatewayWords)
  const { cache } = gateway
  return (
    <section aria-label={gateway.gatewayId}>
      <Box variant="h3">
        {gateway.name === '' ? gateway.gatewayId : gateway.name}{' '}
        <span className="share-arn firn-quiet" lang="en">
          {gateway.gatewayId} · {gateway.type} · {gateway.operationalState}
        </span>
      </Box>
      {cache !== null && (
        <Box color="text-body-secondary">{t.cache(figures.bytes(cache.allocatedBytes), figures.percent(cache.dirtyPercent / 100))}</Box>
      )}
      <Findings of={survey.findings} about={gateway.gatewayArn} />
      <ul className="gateway-shares">
        {gateway.shares.map((share) => (
          <Share key={share.shareArn} of={share} survey={survey} />
        ))}
      </ul>
    </section>
  )
}

function Share({ of: share, survey }: { readonly of: ShareFound; readonly survey: Survey }) {
  const t = useWords(gatewayWords)
  const figures = useFigures()
  const probe = useAct('gateways.probe', { changes: ['gateways.survey'] })
  const mounts = survey.mounts.filter(({ shareArn }) => shareArn === share.shareArn)
  return (
    <li>
      <div className="gateway-share">
        <div>
          <span className="share-arn" lang="en">
            {share.shareId} · {share.protocol} · {share.bucket === null ? share.locationArn : `s3://${share.bucket}/${share.prefix}`} ·{' '}
            {share.encryption}
          </span>
          <div>
            {mounts.length === 0 ? (
              <Tone tone="later">{t.notMounted}</Tone>
            ) : (
              <>
                {t.mounted} <span className="share-arn">{mounts.map(({ folder }) => folder).join(', ')}</span>
              </>
            )}
          </div>
        </div>
        {mounts.length > 0 && (
          <Button loading={probe.isPending} loadingText={t.proving} onClick={() => probe.mutate({ shareArn: share.shareArn })}>
            {t.prove}
          </Button>
        )}
      </div>
      <div aria-live="polite">
        {probe.isPending && <Box color="text-body-secondary">{t.provingMeans}</Box>}
        {probe.data !== undefined && (
          <Tone tone="info">{t.proven(figures.duration(probe.data.landedMs)) + (probe.data.removed ? '' : ` ${t.notGone}`)}</Tone>
        )}
        {probe.error !== null && <FaultBox fault={probe.error} compact />}
      </div>
      <Findings of={survey.findings} about={share.shareArn} />
    </li>
  )
}

const weightTones = { grave: 'wrong', warning: 'person', note: 'later' } as const satisfies Record<Weight, string>

function Findings({ of: findings, about }: { readonly of: readonly GatewayFinding[]; readonly about: string }) {
  const language = useLanguage()
  const t = useWords(gatewayWords)
  const mine = findings.filter(({ of }) => of === about)
  if (mine.length === 0) return null
  return (
    <ul className="gateway-findings" aria-label={t.findings}>
      {mine.map((finding) => {
        const { what, todo } = findingWords(finding, language)
        return (
          <li key={`${finding.code}${JSON.stringify(finding.facts)}`} className={`gateway-finding gateway-${finding.weight}`}>
            <Tone tone={weightTones[finding.weight]}>
              <span className="firn-quiet">{t.weights[finding.weight]}:</span> {what}
            </Tone>
            <Box padding={{ left: 'l' }}>{todo}</Box>
          </li>
        )
      })}
    </ul>
  )
}
