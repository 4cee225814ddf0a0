/** How fast it may go: a limit for now, and one for each hour of the week. */
import { useState } from 'react'
import Box from '@cloudscape-design/components/box'
import Button from '@cloudscape-design/components/button'
import Checkbox from '@cloudscape-design/components/checkbox'
import Container from '@cloudscape-design/components/container'
import FormField from '@cloudscape-design/components/form-field'
import Header from '@cloudscape-design/components/header'
import Select from '@cloudscape-design/components/select'
import Slider from '@cloudscape-design/components/slider'
import SpaceBetween from '@cloudscape-design/components/space-between'
import Toggle from '@cloudscape-design/components/toggle'
import { hoursOfWeek, type BandwidthLimits } from '../../../shared/contract/limits.ts'
import { useAct, useAnswer } from '../../bridge/answers.ts'
import { useMigration, useNow } from '../../bridge/live.ts'
import { useWords } from '../../language.tsx'
import { Answered } from '../../parts/Answered.tsx'
import { FaultBox } from '../../parts/FaultBox.tsx'
import { useFigures } from '../../parts/figures.ts'
import { WeekGrid } from '../../parts/WeekGrid.tsx'
import { transfersWords, type TransfersWords } from './transfersWords.ts'
import { limitSteps, nearestStep, untilMoments, type Until } from './limitSteps.ts'

export function Bandwidth() {
  const limits = useAnswer('limits.read', {})
  return <Answered of={limits}>{(value) => <Limits of={value} />}</Answered>
}

function useRateName(t: TransfersWords): (rate: number | null) => string {
  const figures = useFigures()
  return (rate) => (rate === null ? t.full : rate === 0 ? t.none : t.atMost(figures.rate(rate)))
}

function Limits({ of: limits }: { readonly of: BandwidthLimits }) {
  const t = useWords(transfersWords)
  const figures = useFigures()
  const rateName = useRateName(t)
  const lanes = useMigration()?.lanes ?? []
  const save = useAct('limits.save', { changes: ['limits.read'] })
  return (
    <SpaceBetween size="m">
      {save.error !== null && <FaultBox fault={save.error} compact />}
      <LimitForNow of={limits} saving={save.isPending} onSave={(now) => save.mutate({ ...withRoutes(limits), now })} />
      <Container
        header={
          <Header variant="h2" description={t.lanesMeans}>
            {t.lanes}
          </Header>
        }
      >
        <SpaceBetween size="xs">
          {(['share', 'link'] as const).map((route) => {
            const lane = lanes.find((one) => one.route === route)
            return (
              <Checkbox
                key={route}
                checked={limits.routes.includes(route)}
                onChange={({ detail }) =>
                  save.mutate({
                    ...withRoutes(limits),
                    routes: detail.checked ? [...limits.routes, route] : limits.routes.filter((one) => one !== route),
                  })
                }
              >
                {lane === undefined || lane.planned.items === 0
                  ? t[route]
                  : t.laneNow(t[route], figures.rate(lane.bytesPerSecond), rateName(lane.limit))}
              </Checkbox>
            )
          })}
        </SpaceBetween>
      </Container>
      <GridOfWeek
        key={JSON.stringify(limits.grid)}
        of={limits.grid}
        saving={save.isPending}
        saved={save.isSuccess}
        onSave={(grid) => save.mutate({ ...withRoutes(limits), grid })}
      />
    </SpaceBetween>
  )
}

/** As the call takes it: lists that may be written to. */
function withRoutes(limits: BandwidthLimits) {
  return { ...limits, routes: [...limits.routes], grid: limits.grid === null ? null : [...limits.grid] }
}

type NowProps = {
  readonly of: BandwidthLimits
  readonly saving: boolean
  readonly onSave: (now: { rate: number | null; until: number | null } | null) => void
}

function LimitForNow({ of: { now, grid }, saving, onSave }: NowProps) {
  const t = useWords(transfersWords)
  const figures = useFigures()
  const rateName = useRateName(t)
  const clock = useNow(10_000)
  const holds = now !== null && (now.until === null || now.until > clock)
  const [step, setStep] = useState(() => nearestStep(holds ? now.rate : null))
  const [until, setUntil] = useState<Until>('back')
  const options = [
    { value: 'back', label: t.untilBack },
    { value: 'hour', label: t.untilHour },
    { value: 'six', label: t.untilSix },
    { value: 'monday', label: t.untilMonday },
  ] as const
  const nameOfStep = (at: number): string => rateName(limitSteps[at] ?? null)
  return (
    <Container
      header={
        <Header variant="h2" description={t.nowMeans}>
          {t.nowLimit}
        </Header>
      }
    >
      <SpaceBetween size="s">
        <div role="status">
          {!holds ? (
            <Box color="text-body-secondary">{grid === null ? t.noLimitNoGrid : t.noLimit}</Box>
          ) : (
            <strong>
              {now.until === null ? t.holds(rateName(now.rate)) : t.holdsUntil(rateName(now.rate), figures.dateTime(now.until))}
            </strong>
          )}
        </div>
        <div className="limit-now">
          <FormField label={t.slider} stretch>
            <Slider
              min={0}
              max={limitSteps.length - 1}
              step={1}
              value={step}
              valueFormatter={nameOfStep}
              ariaDescription={t.nowMeans}
              onChange={({ detail }) => setStep(detail.value)}
            />
            <Box fontWeight="bold">{nameOfStep(step)}</Box>
          </FormField>
          <FormField label={t.until}>
            <Select
              selectedOption={options.find(({ value }) => value === until) ?? options[0]}
              options={options}
              onChange={({ detail }) => setUntil(options.find(({ value }) => value === detail.selectedOption.value)?.value ?? 'back')}
            />
          </FormField>
          <SpaceBetween direction="horizontal" size="xs">
            <Button
              variant="primary"
              loading={saving}
              onClick={() => onSave({ rate: limitSteps[step] ?? null, until: untilMoments(until, new Date()) })}
            >
              {t.apply}
            </Button>
            {now !== null && (
              <Button loading={saving} onClick={() => onSave(null)}>
                {t.takeBack}
              </Button>
            )}
          </SpaceBetween>
        </div>
      </SpaceBetween>
    </Container>
  )
}

type GridProps = {
  readonly of: BandwidthLimits['grid']
  readonly saving: boolean
  readonly saved: boolean
  readonly onSave: (grid: (number | null)[] | null) => void
}

function GridOfWeek({ of: saved, saving, saved: justSaved, onSave }: GridProps) {
  const t = useWords(transfersWords)
  const [grid, setGrid] = useState<readonly (number | null)[] | null>(saved)
  const changed = JSON.stringify(grid) !== JSON.stringify(saved)
  return (
    <Container
      header={
        <Header
          variant="h2"
          description={t.gridMeans}
          actions={
            <SpaceBetween direction="horizontal" size="xs" alignItems="center">
              <span role="status">{changed ? t.changed : justSaved ? t.saved : ''}</span>
              {changed && <Button onClick={() => setGrid(saved)}>{t.discard}</Button>}
              <Button variant="primary" disabled={!changed} loading={saving} onClick={() => onSave(grid === null ? null : [...grid])}>
                {t.saveGrid}
              </Button>
            </SpaceBetween>
          }
        >
          {t.grid}
        </Header>
      }
    >
      <SpaceBetween size="s">
        <Toggle
          checked={grid !== null}
          onChange={({ detail }) => setGrid(detail.checked ? Array.from({ length: hoursOfWeek }, () => null) : null)}
        >
          {t.useGrid}
        </Toggle>
        {grid !== null && <WeekGrid value={grid} onChange={setGrid} label={t.grid} />}
      </SpaceBetween>
    </Container>
  )
}
