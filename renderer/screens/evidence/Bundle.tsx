/** One evidence bundle: what it says, its fingerprints and files, and whether they are still what they were. */
import Box from '@cloudscape-design/components/box'
import Button from '@cloudscape-design/components/button'
import Container from '@cloudscape-design/components/container'
import ExpandableSection from '@cloudscape-design/components/expandable-section'
import Header from '@cloudscape-design/components/header'
import KeyValuePairs from '@cloudscape-design/components/key-value-pairs'
import SpaceBetween from '@cloudscape-design/components/space-between'
import Table from '@cloudscape-design/components/table'
import type { BundleRow } from '../../../shared/contract/calls/evidence.ts'
import { useAct } from '../../bridge/answers.ts'
import { useWords } from '../../language.tsx'
import { FaultBox } from '../../parts/FaultBox.tsx'
import { useFigures } from '../../parts/figures.ts'
import { Tone } from '../../parts/Word.tsx'
import { Fingerprints } from './Fingerprints.tsx'
import { evidenceWords } from './evidenceWords.ts'
import './evidence.css'

const tones = { green: 'good', amber: 'person', red: 'wrong' } as const

export function Bundle({ of: bundle }: { readonly of: BundleRow }) {
  const t = useWords(evidenceWords)
  const figures = useFigures()
  const toneWords = { green: t.toneGood, amber: t.tonePerson, red: t.toneWrong }
  const report = useAct('host.openReport', {
    onDone: ({ url }) => {
      if (url !== null) window.open(url, '_blank', 'noopener,noreferrer')
    },
  })
  const check = useAct('evidence.check', { changes: ['evidence.list'] })
  const fault = report.error ?? check.error
  return (
    <Container
      header={
        <Header
          variant="h2"
          description={<span lang="en">{bundle.sentence}</span>}
          actions={
            <SpaceBetween direction="horizontal" size="xs">
              <Button
                ariaLabel={t.checkOf(bundle.bundle)}
                loading={check.isPending}
                onClick={() => check.mutate({ bundle: bundle.bundle })}
              >
                {t.check}
              </Button>
              <Button
                variant="primary"
                iconName="external"
                iconAlign="right"
                ariaLabel={t.opened(bundle.bundle)}
                loading={report.isPending}
                onClick={() => report.mutate({ bundle: bundle.bundle })}
              >
                {t.open}
              </Button>
            </SpaceBetween>
          }
        >
          {figures.dateTime(bundle.madeAt)}
        </Header>
      }
    >
      <SpaceBetween size="s">
        <SpaceBetween direction="horizontal" size="l">
          <Tone tone={tones[bundle.tone]}>{toneWords[bundle.tone]}</Tone>
          <Tone tone={bundle.withPaths ? 'person' : 'info'}>{bundle.withPaths ? t.hasPaths : t.noPaths}</Tone>
          <WholeWord of={bundle} differing={check.data?.differing} />
        </SpaceBetween>
        {fault !== null && <FaultBox fault={fault} compact />}
        <KeyValuePairs
          columns={4}
          items={[
            { label: t.items, value: figures.count(bundle.items) },
            { label: t.bytes, value: figures.bytes(bundle.bytes) },
          ]}
        />
        <Fingerprints label={bundle.fingerprints.length === 1 ? t.fingerprint : t.fingerprints} copy={t.copy} all={bundle.fingerprints} />
        {bundle.signedBy !== null && <Fingerprints label={t.signedBy} copy={t.copyKey} all={[bundle.signedBy]} />}
        <ExpandableSection headerText={t.files(figures.count(bundle.files.length))}>
          <Table
            variant="embedded"
            contentDensity="compact"
            items={bundle.files}
            trackBy="name"
            ariaLabels={{ tableLabel: t.files(figures.count(bundle.files.length)) }}
            columnDefinitions={[
              { id: 'file', header: t.file, isRowHeader: true, cell: (file) => <code>{file.name}</code> },
              { id: 'size', header: t.size, cell: (file) => figures.bytes(file.bytes) },
            ]}
          />
        </ExpandableSection>
      </SpaceBetween>
    </Container>
  )
}

function WholeWord({ of: { whole }, differing }: { readonly of: BundleRow; readonly differing: readonly string[] | undefined }) {
  const t = useWords(evidenceWords)
  if (differing !== undefined)
    return (
      <span role="status">
        {differing.length === 0 ? (
          <Tone tone="info" icon="success">
            {t.whole}
          </Tone>
        ) : (
          <Tone tone="wrong">{t.notWhole(differing.join(', '))}</Tone>
        )}
      </span>
    )
  if (whole === null) return <Box color="text-body-secondary">{t.notLooked}</Box>
  return whole ? (
    <Tone tone="info" icon="success">
      {t.whole}
    </Tone>
  ) : (
    <Tone tone="wrong">{t.notWholeShort}</Tone>
  )
}
