/** Where is my migration? How far, how fast, until when, what happens next, and what needs a person. */
import Alert from '@cloudscape-design/components/alert'
import Box from '@cloudscape-design/components/box'
import Button from '@cloudscape-design/components/button'
import StatusIndicator from '@cloudscape-design/components/status-indicator'
import { useAct } from '../bridge/answers.ts'
import { useSnapshot } from '../bridge/live.ts'
import { useWords } from '../language.tsx'
import { FaultBox } from '../parts/FaultBox.tsx'
import { ScreenFrame } from '../parts/ScreenFrame.tsx'
import { Lanes } from './overview/Lanes.tsx'
import { Needs, Next } from './overview/Next.tsx'
import { overviewHelp, overviewWords } from './overview/overviewWords.ts'
import { Running } from './overview/Running.tsx'
import { Whole } from './overview/Whole.tsx'
import { Doors } from './start/Doors.tsx'

export function Overview() {
  const t = useWords(overviewWords)
  const heard = useSnapshot()
  const start = useAct('works.start')
  if (heard === undefined) {
    return (
      <ScreenFrame title={t.title} help={overviewHelp}>
        <Box padding="l" textAlign="center">
          <StatusIndicator type="loading">{t.counting}</StatusIndicator>
        </Box>
      </ScreenFrame>
    )
  }
  const { migration } = heard.value
  if (migration === null) {
    return (
      <ScreenFrame title={t.title} help={overviewHelp}>
        <Doors />
      </ScreenFrame>
    )
  }
  const rehearsing = migration.works.some(
    ({ kind, state }) => kind === 'rehearsal' && ['waiting', 'running', 'stopping', 'paused'].includes(state),
  )
  return (
    <ScreenFrame
      title={t.title}
      description={migration.kind === 'rehearsal' ? t.simulated : t.where(migration.awsAt)}
      help={overviewHelp}
      actions={
        migration.kind === 'rehearsal' && migration.finishedAt === null ? (
          <span title={t.everythingMeans}>
            <Button iconName="play" loading={start.isPending} disabled={rehearsing} onClick={() => start.mutate({ kind: 'rehearsal' })}>
              {t.everything}
            </Button>
          </span>
        ) : null
      }
    >
      {start.error === null ? null : <FaultBox fault={start.error} compact />}
      {migration.totals.inventory.items === 0 ? (
        <Alert type="info" header={t.nothingScanned}>
          {t.nothingScannedMeans}
        </Alert>
      ) : (
        <Whole migration={migration} />
      )}
      <div className="firn-columns firn-wide-first">
        <Next migration={migration} />
        <Needs migration={migration} />
      </div>
      {migration.totals.inventory.items === 0 ? null : <Lanes migration={migration} />}
      <Running migration={migration} />
    </ScreenFrame>
  )
}
