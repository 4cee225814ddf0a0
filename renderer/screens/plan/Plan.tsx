/** How will it go? What travels, by which route, when; and a person who says yes to it. */
import Box from '@cloudscape-design/components/box'
import Button from '@cloudscape-design/components/button'
import Container from '@cloudscape-design/components/container'
import SpaceBetween from '@cloudscape-design/components/space-between'
import { useAnswer } from '../../bridge/answers.ts'
import { useMigration } from '../../bridge/live.ts'
import { useWords, words } from '../../language.tsx'
import { useGo } from '../../screen.ts'
import { Answered } from '../../parts/Answered.tsx'
import type { Help } from '../../parts/panels.ts'
import { ScreenFrame } from '../../parts/ScreenFrame.tsx'
import { changeDraft, useDraft } from './draft.ts'
import { PlanWizard } from './PlanWizard.tsx'
import { StandingPlan } from './StandingPlan.tsx'

const texts = words({
  en: {
    title: 'Plan',
    description: 'What goes, by which route, and when. Nothing moves before a person approves it.',
    none: 'No plan yet',
    noneWhy: 'Choose what goes; Firn compares the routes, and says what each would take.',
    begin: 'Begin to plan',
    notScanned: 'There is nothing to plan yet',
    notScannedWhy: 'A plan rests on what a scan has found.',
    toArchives: 'To the archives',
  },
  de: {
    title: 'Plan',
    description: 'Was geht, auf welchem Weg und wann. Nichts bewegt sich, bevor ein Mensch es genehmigt.',
    none: 'Noch kein Plan',
    noneWhy: 'Wählen Sie, was geht; Firn vergleicht die Wege und sagt, wie lange jeder dauert.',
    begin: 'Mit dem Planen beginnen',
    notScanned: 'Es gibt noch nichts zu planen',
    notScannedWhy: 'Ein Plan beruht auf dem, was ein Scan gefunden hat.',
    toArchives: 'Zu den Archiven',
  },
})

const help: Help = words({
  en: {
    what: 'Here you decide which studies go, compare the routes, and make the plan. A plan that stands is shown with the person who approved it. Planning again never sends twice what was sent.',
    terms: [
      ['plan', 'Which items go by which route, in which wave.'],
      ['route', 'Device lane (Snowball), share lane (Storage Gateway) or link lane (straight to S3).'],
      ['wave', 'Devices that are on site at the same time.'],
      ['batch', 'A tar of small items that S3 extracts on import.'],
      ['left behind', 'What no route takes, each with its cause.'],
    ],
  },
  de: {
    what: 'Hier entscheiden Sie, welche Studien gehen, vergleichen die Wege und machen den Plan. Ein geltender Plan wird mit der Person gezeigt, die ihn freigab. Neu zu planen sendet nie doppelt, was schon gesendet ist.',
    terms: [
      ['Plan', 'Welche Dateien auf welchem Weg gehen, in welcher Welle.'],
      ['Weg', 'Gerät (Snowball), Freigabe (Storage Gateway) oder Leitung (direkt nach S3).'],
      ['Welle', 'Geräte, die gleichzeitig vor Ort sind.'],
      ['Stapel', 'Ein Tar aus kleinen Dateien, das S3 beim Import auspackt.'],
      ['zurückbleiben', 'Was kein Weg nimmt, jeweils mit seiner Ursache.'],
    ],
  },
})

export function Plan() {
  const text = useWords(texts)
  const migration = useMigration()
  const draft = useDraft(migration?.id)
  const current = useAnswer('plan.current', {})
  return (
    <ScreenFrame title={text.title} description={text.description} help={help}>
      <Answered of={current}>
        {(plan) => {
          if (draft.open) return <PlanWizard standing={plan} />
          return plan === null ? <NoPlan /> : <StandingPlan plan={plan} />
        }}
      </Answered>
    </ScreenFrame>
  )
}

function NoPlan() {
  const text = useWords(texts)
  const go = useGo()
  const migration = useMigration()
  const scanned = migration === undefined || migration.totals.inventory.items > 0
  return (
    <Container>
      <Box textAlign="center" padding="xxl">
        <SpaceBetween size="s">
          <Box variant="h2">{scanned ? text.none : text.notScanned}</Box>
          <Box color="text-body-secondary">{scanned ? text.noneWhy : text.notScannedWhy}</Box>
          {scanned ? (
            <Button variant="primary" onClick={() => changeDraft(migration?.id, { open: true, step: 0 })}>
              {text.begin}
            </Button>
          ) : (
            <Button variant="primary" onClick={() => go({ at: 'archives' })}>
              {text.toArchives}
            </Button>
          )}
        </SpaceBetween>
      </Box>
    </Container>
  )
}
