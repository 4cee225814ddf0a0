/** The wizard: what goes, which route, devices and waves, when, review; then the plan is made. */
import { useEffect } from 'react'
import { useQueryClient } from '@tanstack/react-query'
import Button from '@cloudscape-design/components/button'
import Container from '@cloudscape-design/components/container'
import SpaceBetween from '@cloudscape-design/components/space-between'
import StatusIndicator from '@cloudscape-design/components/status-indicator'
import Wizard from '@cloudscape-design/components/wizard'
import type { Answer } from '../../../shared/contract/bridge.ts'
import type { WorkState } from '../../../shared/contract/snapshot.ts'
import { faultFromWire } from '../../../shared/contract/wire.ts'
import { useAct, useAnswer } from '../../bridge/answers.ts'
import { useMigration } from '../../bridge/live.ts'
import { useWords, words } from '../../language.tsx'
import { FaultBox } from '../../parts/FaultBox.tsx'
import { useFigures } from '../../parts/figures.ts'
import { WorkWord } from '../../parts/Word.tsx'
import { DevicesStep } from './DevicesStep.tsx'
import { endDraft } from './draft.ts'
import { usePlanning, type Planning } from './planning.ts'
import { ReviewStep } from './ReviewStep.tsx'
import { RouteStep } from './RouteStep.tsx'
import { RuleStep } from './RuleStep.tsx'
import { WhenStep } from './WhenStep.tsx'

const texts = words({
  en: {
    goes: 'What goes',
    route: 'Which route',
    devices: 'Devices and waves',
    when: 'When',
    review: 'Review',
    step: (number: number) => `Step ${number}`,
    steps: (number: number, all: number) => `Step ${number} of ${all}`,
    navigation: 'Steps of the plan',
    cancel: 'Cancel',
    previous: 'Previous',
    next: 'Next',
    optional: 'optional',
    make: 'Make the plan',
    ruleWrong: 'An entry of the rule cannot be used. It is marked below.',
    answerWrong: 'An entry cannot be used. It is marked at its field.',
    hoursClosed: 'Nothing could ever be sent: open at least one hour.',
    nothing: 'The rule takes no study: there is nothing to plan.',
    working: 'The plan is being made',
    studies: (items: string) => `${items} placed so far`,
    stop: 'Stop',
  },
  de: {
    goes: 'Was geht',
    route: 'Welcher Weg',
    devices: 'Geräte und Wellen',
    when: 'Wann',
    review: 'Durchsicht',
    step: (number) => `Schritt ${number}`,
    steps: (number, all) => `Schritt ${number} von ${all}`,
    navigation: 'Schritte des Plans',
    cancel: 'Abbrechen',
    previous: 'Zurück',
    next: 'Weiter',
    optional: 'freiwillig',
    make: 'Plan machen',
    ruleWrong: 'Eine Angabe der Regel kann nicht verwendet werden. Sie ist unten markiert.',
    answerWrong: 'Eine Angabe kann nicht verwendet werden. Sie ist an ihrem Feld markiert.',
    hoursClosed: 'So würde nie etwas gesendet: mindestens eine Stunde öffnen.',
    nothing: 'Die Regel nimmt keine Studie: Es gibt nichts zu planen.',
    working: 'Der Plan wird gemacht',
    studies: (items) => `${items} bisher verteilt`,
    stop: 'Anhalten',
  },
})

type Standing = NonNullable<Answer<'plan.current'>>

export function PlanWizard({ standing }: { readonly standing: Standing | null }) {
  const text = useWords(texts)
  const planning = usePlanning()
  const { draft, change, migrationId } = planning
  const making = useMaking(planning)
  const wrong = firstWrong(planning, text)
  const stepOfWrong = wrong?.step
  const go = (to: number): void => {
    // Forward only over steps that can be used; back always.
    change({ step: stepOfWrong !== undefined && to > draft.step && to > stepOfWrong ? stepOfWrong : to })
  }
  const errorAt = (step: number): string | undefined => (wrong !== undefined && wrong.step === step ? wrong.words : undefined)
  const withError = (step: number) => {
    const words = errorAt(step)
    return words === undefined ? {} : { errorText: words }
  }
  return (
    <Wizard
      activeStepIndex={draft.step}
      onNavigate={({ detail }) => go(detail.requestedStepIndex)}
      onCancel={() => endDraft(migrationId)}
      onSubmit={making.start}
      isLoadingNextStep={making.busy}
      submitButtonText={text.make}
      i18nStrings={{
        stepNumberLabel: text.step,
        collapsedStepsLabel: text.steps,
        navigationAriaLabel: text.navigation,
        cancelButton: text.cancel,
        previousButton: text.previous,
        nextButton: text.next,
        optional: text.optional,
      }}
      steps={[
        { title: text.goes, content: <RuleStep planning={planning} />, ...withError(0) },
        { title: text.route, content: <RouteStep planning={planning} />, ...withError(1) },
        { title: text.devices, content: <DevicesStep planning={planning} />, ...withError(2) },
        { title: text.when, content: <WhenStep planning={planning} />, ...withError(3) },
        {
          title: text.review,
          content: (
            <SpaceBetween size="m">
              {making.fault !== undefined && <FaultBox fault={making.fault} />}
              {making.work !== undefined && making.busy && <MakingBox work={making.work} onStop={making.stop} />}
              <ReviewStep planning={planning} standing={standing} />
            </SpaceBetween>
          ),
        },
      ]}
    />
  )
}

type Wrong = { readonly step: number; readonly words: string }
const deviceFields = ['device.usableBytes', 'device.fill', 'device.atOnce', 'gateway.size', 'gateway.cacheBytes', 'gateway.filesPerSecond']

/** The first step with an entry that cannot be used, and what it says. */
function firstWrong(planning: Planning, text: (typeof texts)['en']): Wrong | undefined {
  if (!planning.ruleFits) return { step: 0, words: text.ruleWrong }
  if (planning.counted.data?.chosen.studies === 0 && planning.countIsFresh) return { step: 0, words: text.nothing }
  const names = [...planning.problems]
  if (planning.draft.week !== undefined && planning.draft.answers['link.hoursPerDay'] === 0) return { step: 3, words: text.hoursClosed }
  const at = (name: string): number => (name === 'deadline' || name === 'link.windows' ? 3 : deviceFields.includes(name) ? 2 : 1)
  const steps = names.map(at)
  return steps.length === 0 ? undefined : { step: Math.min(...steps), words: text.answerWrong }
}

/** Sets the hours, starts the work, follows it, and shows the plan when it stands. */
function useMaking(planning: Planning) {
  const { draft, change, migrationId, rule, raw } = planning
  const client = useQueryClient()
  const limits = useAnswer('limits.read', {})
  const save = useAct('limits.save', { changes: ['limits.read'] })
  const begin = useAct('works.start', { onDone: ({ workId }) => change({ workId }) })
  const cancel = useAct('works.cancel')
  const work = useMigration()?.works.find(({ id }) => id === draft.workId)
  const ended = work?.state
  useEffect(() => {
    if (ended !== 'done') return
    void client.invalidateQueries({ queryKey: ['plan.current'] }).then(() => endDraft(migrationId))
  }, [ended, client, migrationId])
  const start = async (): Promise<void> => {
    if (draft.week !== undefined && limits.data !== undefined) {
      const open = draft.week.every((rate) => rate === null)
      await save.mutateAsync({ ...limits.data, grid: open ? null : [...draft.week] })
    }
    await begin.mutateAsync({ kind: 'plan', rule, answers: raw })
  }
  const running = draft.workId !== undefined && (work === undefined || !['done', 'failed', 'cancelled'].includes(work.state))
  const failed = work?.state === 'failed' && work.fault !== null ? faultFromWire(work.fault) : undefined
  return {
    work,
    busy: save.isPending || begin.isPending || running,
    fault: save.error ?? begin.error ?? failed,
    start: (): void => {
      // What is refused shows as `fault`.
      void start().catch(() => undefined)
    },
    stop: (): void => {
      if (draft.workId !== undefined) cancel.mutate({ workId: draft.workId })
      change({ workId: undefined })
    },
  }
}

function MakingBox({ work, onStop }: { readonly work: WorkState; readonly onStop: () => void }) {
  const text = useWords(texts)
  const figures = useFigures()
  return (
    <Container>
      <SpaceBetween direction="horizontal" size="m" alignItems="center">
        <StatusIndicator type="in-progress">{text.working}</StatusIndicator>
        <WorkWord of={work} />
        <span>{text.studies(figures.items(work.items))}</span>
        <Button onClick={onStop}>{text.stop}</Button>
      </SpaceBetween>
    </Container>
  )
}
