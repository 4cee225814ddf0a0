/** One work that runs, waits or is paused: how far, how fast, how long, what holds it up; and its buttons. */
import { useState } from 'react'
import Alert from '@cloudscape-design/components/alert'
import Box from '@cloudscape-design/components/box'
import Button from '@cloudscape-design/components/button'
import Modal from '@cloudscape-design/components/modal'
import SpaceBetween from '@cloudscape-design/components/space-between'
import type { WorkState } from '../../shared/contract/snapshot.ts'
import { faultFromWire } from '../../shared/contract/wire.ts'
import { useAct, useAnswer } from '../bridge/answers.ts'
import { useNow } from '../bridge/live.ts'
import { useLanguage, useWords } from '../language.tsx'
import { faultWords, isFaultCode } from '../words/faults.ts'
import { workKindWords } from '../words/works.ts'
import { FaultBox } from './FaultBox.tsx'
import { useFigures } from './figures.ts'
import { WorkWord } from './Word.tsx'
import './workProgress.css'
import { useStageName, useWaitingName, workProgressWords } from './workProgressWords.ts'

/** Devices go by their number in the plan, which is not the id that works carry. */
export function useWorkName(): (work: Pick<WorkState, 'kind' | 'deviceId'>) => string {
  const kinds = workKindWords[useLanguage()]
  const t = useWords(workProgressWords)
  const fleet = useAnswer('devices.list', {}, { staleTime: 60_000 })
  return ({ kind, deviceId }) =>
    kind === 'load' && deviceId !== null
      ? t.loadOf(fleet.data?.devices.find(({ id }) => id === deviceId)?.ordinal ?? deviceId)
      : kinds[kind]
}

export function WorkProgress({ of: work }: { readonly of: WorkState }) {
  const t = useWords(workProgressWords)
  const figures = useFigures()
  const now = useNow()
  const language = useLanguage()
  const name = useWorkName()(work)
  const stage = useStageName()(work.stage ?? '')
  const waitingName = useWaitingName()
  const counting = work.itemsTotal === null && work.bytesTotal === null
  const ratio =
    work.bytesTotal !== null && work.bytesTotal > 0
      ? work.bytes / work.bytesTotal
      : work.itemsTotal !== null && work.itemsTotal > 0
        ? work.items / work.itemsTotal
        : 0
  const amounts = [
    ...(counting ? [] : [figures.percent(ratio)]),
    work.itemsTotal === null ? figures.items(work.items) : t.of(figures.count(work.items), figures.items(work.itemsTotal)),
    work.bytesTotal === null ? figures.bytes(work.bytes) : t.of(figures.bytes(work.bytes), figures.bytes(work.bytesTotal)),
    ...(counting && work.state === 'running' ? [t.counting] : []),
  ].join(' · ')
  const lastCode = work.lastTroubles.at(-1)?.code ?? ''
  const lastTrouble = isFaultCode(lastCode) ? faultWords(lastCode, language).happened : lastCode
  const pace = [
    ...(work.state === 'running' && work.bytesPerSecond !== null ? [figures.rate(work.bytesPerSecond)] : []),
    ...(work.state === 'running' && work.itemsPerSecond !== null ? [t.itemsRate(figures.count(Math.round(work.itemsPerSecond)))] : []),
    ...(work.left !== null ? [t.left(figures.range(work.left))] : []),
  ].join(' · ')
  return (
    <SpaceBetween size="xs">
      <div className="work-head">
        <SpaceBetween direction="horizontal" size="s" alignItems="center">
          <strong>{name}</strong>
          <WorkWord of={work} />
          {stage !== undefined && (
            <Box variant="small" color="text-body-secondary">
              {stage}
            </Box>
          )}
        </SpaceBetween>
        <WorkButtons of={work} />
      </div>
      {!counting && (
        <div
          className="work-bar"
          role="progressbar"
          aria-label={name}
          aria-valuemin={0}
          aria-valuemax={100}
          aria-valuenow={Math.floor(ratio * 100)}
        >
          <span style={{ inlineSize: `${Math.min(100, ratio * 100)}%` }} />
        </div>
      )}
      <div className="work-figures">
        <span>{amounts}</span>
        <span>{pace}</span>
      </div>
      {work.waitingFor !== null && <Box color="text-body-secondary">{waitingName(work.waitingFor)}</Box>}
      {work.state === 'paused' && <Box color="text-body-secondary">{t.because[work.because ?? 'person']}</Box>}
      {work.stalledSince !== null && work.state === 'running' && (
        <Alert type="warning" header={t.stalled(figures.duration(Math.max(0, now - work.stalledSince)))}>
          {t.stalledTodo}
        </Alert>
      )}
      {work.fault !== null && <FaultBox fault={faultFromWire(work.fault)} compact />}
      {work.troubles > 0 && (
        <Box variant="small" color="text-body-secondary">
          {t.troubles(figures.count(work.troubles), lastTrouble)}
        </Box>
      )}
    </SpaceBetween>
  )
}

export function WorkButtons({ of: work }: { readonly of: WorkState }) {
  const t = useWords(workProgressWords)
  const name = useWorkName()(work)
  const pause = useAct('works.pause')
  const resume = useAct('works.resume')
  const cancel = useAct('works.cancel')
  const [asking, setAsking] = useState(false)
  const workId = work.id
  const over = work.state === 'done' || work.state === 'failed' || work.state === 'cancelled'
  if (over) return null
  return (
    <SpaceBetween direction="horizontal" size="xs">
      {work.state === 'paused' ? (
        <Button iconName="play" ariaLabel={`${t.resume}: ${name}`} loading={resume.isPending} onClick={() => resume.mutate({ workId })}>
          {t.resume}
        </Button>
      ) : (
        work.state !== 'stopping' && (
          <Button iconName="pause" ariaLabel={`${t.pause}: ${name}`} loading={pause.isPending} onClick={() => pause.mutate({ workId })}>
            {t.pause}
          </Button>
        )
      )}
      <Button
        iconName="close"
        ariaLabel={`${t.cancel}: ${name}`}
        loading={cancel.isPending}
        disabled={work.state === 'stopping'}
        onClick={() => setAsking(true)}
      >
        {t.cancel}
      </Button>
      {asking && (
        <Modal
          visible
          header={t.cancelTitle(name)}
          onDismiss={() => setAsking(false)}
          footer={
            <Box float="right">
              <SpaceBetween direction="horizontal" size="xs">
                <Button variant="link" onClick={() => setAsking(false)}>
                  {t.goOn}
                </Button>
                <Button
                  variant="primary"
                  onClick={() => {
                    cancel.mutate({ workId })
                    setAsking(false)
                  }}
                >
                  {t.cancelIt}
                </Button>
              </SpaceBetween>
            </Box>
          }
        >
          {t.cancelMeans}
        </Modal>
      )}
    </SpaceBetween>
  )
}
