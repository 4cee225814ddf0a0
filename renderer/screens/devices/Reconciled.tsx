/** Of an imported device: what left the house, what AWS's logs say came in, and what lies in S3, beside each other. */
import Box from '@cloudscape-design/components/box'
import Button from '@cloudscape-design/components/button'
import Container from '@cloudscape-design/components/container'
import Header from '@cloudscape-design/components/header'
import SpaceBetween from '@cloudscape-design/components/space-between'
import { isReconciled, type Reconciliation } from '../../../shared/domain/jobLog.ts'
import type { Answer } from '../../../shared/contract/bridge.ts'
import { useAct } from '../../bridge/answers.ts'
import { useWords } from '../../language.tsx'
import { FaultBox } from '../../parts/FaultBox.tsx'
import { useFigures } from '../../parts/figures.ts'
import { Tone } from '../../parts/Word.tsx'
import type { ToneName } from '../../parts/tones.ts'
import { useGo } from '../../screen.ts'
import { reconciledWords } from './reconciledWords.ts'

export function Reconciled({ of: device }: { readonly of: Answer<'devices.detail'> }) {
  const t = useWords(reconciledWords)
  const reconcile = useAct('devices.reconcile')
  return (
    <Container
      header={
        <Header
          variant="h2"
          description={t.reconcileMeans}
          actions={
            <Button loading={reconcile.isPending} loadingText={t.reconciling} onClick={() => reconcile.mutate({ deviceId: device.id })}>
              {t.reconcile}
            </Button>
          }
        >
          {t.reconciliation}
        </Header>
      }
    >
      <div aria-live="polite">
        {reconcile.error !== null && <FaultBox fault={reconcile.error} compact />}
        {reconcile.data !== undefined && <Sides of={reconcile.data} />}
      </div>
    </Container>
  )
}

function Sides({ of }: { readonly of: Reconciliation }) {
  const t = useWords(reconciledWords)
  const figures = useFigures()
  const go = useGo()
  const line = (key: string, number: number, text: string, tone: ToneName) => (
    <li key={key}>
      <Tone tone={tone}>
        <strong>{figures.count(number)}</strong> {text}
      </Tone>
    </li>
  )
  const some = (key: string, number: number, text: string, tone: ToneName) => (number === 0 ? null : line(key, number, text, tone))
  return (
    <SpaceBetween size="s">
      <Tone tone={isReconciled(of) ? 'good' : 'wrong'}>{isReconciled(of) ? t.sidesAgree : t.sidesDiffer}</Tone>
      {!of.billIntact && <Tone tone="wrong">{t.billChanged}</Tone>}
      <ul className="device-sides">
        {line('billed', of.billed, t.billed, 'info')}
        {of.logs.length === 0 ? <li key="logs">{t.logsNotHere}</li> : line('imported', of.imported, t.importedByAws, 'info')}
        {some('failed', of.failed, t.failedByAws, 'wrong')}
        {of.logs.length === 0 ? null : some('notMentioned', of.notMentioned, t.notMentioned, 'later')}
        {some('unknown', of.unknown, t.notBilled, 'person')}
        {line('verified', of.verified, t.verifiedInS3, 'good')}
        {some('notVerified', of.notVerified, t.notVerifiedInS3, 'wrong')}
        {some('notJudged', of.notJudged, t.notJudged, 'later')}
        {some('contradicted', of.contradicted, t.contradicted, 'wrong')}
      </ul>
      {!isReconciled(of) && (
        <Box>
          <Button onClick={() => go({ at: 'verification' })}>{t.toVerification}</Button>
        </Box>
      )}
    </SpaceBetween>
  )
}
