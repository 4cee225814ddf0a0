/** Lanes side by side: how fast each is and was, what holds it back, and how far it has come. */
import Box from '@cloudscape-design/components/box'
import Container from '@cloudscape-design/components/container'
import Header from '@cloudscape-design/components/header'
import type { LaneState, MigrationSnapshot } from '../../../shared/contract/snapshot.ts'
import { useWords } from '../../language.tsx'
import { useFigures } from '../../parts/figures.ts'
import { RateStrip } from '../../parts/RateStrip.tsx'
import { SplitBar } from '../../parts/SplitBar.tsx'
import { Tone } from '../../parts/Word.tsx'
import { laneMeans, laneWords } from '../../words/lanes.ts'
import { progressWords } from '../../words/progress.ts'
import { overviewWords } from './overviewWords.ts'

export function Lanes({ migration }: { readonly migration: MigrationSnapshot }) {
  const t = useWords(overviewWords)
  const lanes = migration.lanes.filter(({ planned }) => planned.items > 0)
  if (lanes.length === 0) return <Box color="text-body-secondary">{t.noLanes}</Box>
  return (
    <div className="firn-columns">
      {lanes.map((lane) => (
        <Lane key={lane.route} lane={lane} />
      ))}
    </div>
  )
}

function Lane({ lane }: { readonly lane: LaneState }) {
  const t = useWords(overviewWords)
  const names = useWords(laneWords)
  const means = useWords(laneMeans)
  const progress = useWords(progressWords)
  const figures = useFigures()
  const { planned, sent, verified, landed, leftBehind } = lane
  const inS3 = Math.max((landed ?? verified).bytes, verified.bytes)
  const out = Math.max(sent.bytes, inS3)
  return (
    <Container
      header={
        <Header
          variant="h2"
          description={means[lane.route]}
          actions={<strong className="firn-rate">{figures.rate(lane.bytesPerSecond)}</strong>}
        >
          {names[lane.route]}
        </Header>
      }
    >
      <RateStrip strip={lane.strip} label={names[lane.route]} />
      <p className="firn-lane-limit">
        <Limit lane={lane} />
      </p>
      <SplitBar
        label={names[lane.route]}
        formatValue={figures.bytes}
        parts={[
          { label: <span lang="en">verified</span>, value: verified.bytes, tone: 'good' },
          { label: progress.landed, value: inS3 - verified.bytes, tone: 'info' },
          { label: progress.sent, value: out - inS3, tone: 'info-soft' },
          { label: progress.waiting, value: Math.max(planned.bytes - out - leftBehind.bytes, 0), tone: 'later' },
          { label: progress.leftBehind, value: leftBehind.bytes, tone: 'person' },
        ]}
      />
      {landed === null && sent.items > 0 ? <Box color="text-body-secondary">{t.landedUnknown}</Box> : null}
    </Container>
  )
}

function Limit({ lane }: { readonly lane: LaneState }) {
  const t = useWords(overviewWords)
  const figures = useFigures()
  const until = lane.limitUntil === null ? undefined : figures.clock(lane.limitUntil)
  if (lane.limit === 0) return <Tone tone="person">{until === undefined ? t.held : t.heldUntil(until)}</Tone>
  const sentence =
    lane.limit === null
      ? until === undefined
        ? t.noLimit
        : t.fullUntil(until)
      : until === undefined
        ? t.limit(figures.rate(lane.limit))
        : t.limitUntil(figures.rate(lane.limit), until)
  return <span className="firn-quiet">{sentence}</span>
}
