/** How far the loading is: the work that runs, a square for each batch, and the large items that go alone. */
import Box from '@cloudscape-design/components/box'
import Button from '@cloudscape-design/components/button'
import Container from '@cloudscape-design/components/container'
import Header from '@cloudscape-design/components/header'
import ProgressBar from '@cloudscape-design/components/progress-bar'
import SpaceBetween from '@cloudscape-design/components/space-between'
import type { Answer } from '../../../shared/contract/bridge.ts'
import { useAct } from '../../bridge/answers.ts'
import { useMigration } from '../../bridge/live.ts'
import { useWords } from '../../language.tsx'
import { FaultBox } from '../../parts/FaultBox.tsx'
import { useFigures } from '../../parts/figures.ts'
import { WorkProgress } from '../../parts/WorkProgress.tsx'
import { BatchGrid } from './BatchGrid.tsx'
import { devicesWords } from './devicesWords.ts'

export function LoadProgress({ of: device }: { readonly of: Answer<'devices.detail'> }) {
  const t = useWords(devicesWords)
  const figures = useFigures()
  const migration = useMigration()
  const start = useAct('works.start', { changes: ['devices.detail'] })
  const work = migration?.works.find(
    ({ kind, deviceId, state }) => kind === 'load' && deviceId === device.id && state !== 'done' && state !== 'cancelled',
  )
  const runs = work !== undefined && work.state !== 'failed'
  const complete = device.planned.items > 0 && device.sent.items >= device.planned.items
  const needsAccess = device.access === null && migration?.kind !== 'rehearsal'
  const mayLoad = device.allowed.includes('load') && !needsAccess && !runs && !complete
  const whyNot = !device.allowed.includes('load') ? t.loadNotHere : needsAccess ? t.loadNeedsAccess : t.loadedAll
  return (
    <Container
      header={
        <Header
          variant="h2"
          description={complete ? t.loadedAll : t.loadOf(figures.bytes(device.sent.bytes), figures.bytes(device.planned.bytes))}
          actions={
            !runs &&
            !complete && (
              <Button
                variant={mayLoad ? 'primary' : 'normal'}
                disabled={!mayLoad}
                disabledReason={whyNot}
                loading={start.isPending}
                onClick={() => start.mutate({ kind: 'load', deviceId: device.id })}
              >
                {device.sent.items > 0 && !complete ? t.loadMore : t.loadStart}
              </Button>
            )
          }
        >
          {t.load}
        </Header>
      }
    >
      <SpaceBetween size="m">
        {start.error !== null && <FaultBox fault={start.error} compact />}
        {work !== undefined && <WorkProgress of={work} />}
        <BatchGrid of={device.batches} />
        {device.alone.items > 0 && (
          <div>
            <Box variant="awsui-key-label">{t.aloneItems}</Box>
            <ProgressBar
              value={Math.floor((device.alone.doneBytes / Math.max(1, device.alone.bytes)) * 1000) / 10}
              ariaLabel={t.aloneItems}
              additionalInfo={`${t.aloneOf(figures.count(device.alone.doneItems), figures.items(device.alone.items))} · ${t.aloneOf(figures.bytes(device.alone.doneBytes), figures.bytes(device.alone.bytes))}`}
            />
          </div>
        )}
      </SpaceBetween>
    </Container>
  )
}
