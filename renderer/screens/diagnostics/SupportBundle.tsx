/** The support bundle: file by file as it would be saved, and the button to save only after it was shown. */
import Alert from '@cloudscape-design/components/alert'
import Box from '@cloudscape-design/components/box'
import Button from '@cloudscape-design/components/button'
import Container from '@cloudscape-design/components/container'
import ExpandableSection from '@cloudscape-design/components/expandable-section'
import Header from '@cloudscape-design/components/header'
import Link from '@cloudscape-design/components/link'
import SpaceBetween from '@cloudscape-design/components/space-between'
import { useAct } from '../../bridge/answers.ts'
import { useHost } from '../../bridge/live.ts'
import { useWords } from '../../language.tsx'
import { ChooseFolder } from '../../parts/ChooseFolder.tsx'
import { FaultBox } from '../../parts/FaultBox.tsx'
import { useFigures } from '../../parts/figures.ts'
import { diagnosticsWords } from './diagnosticsWords.ts'

export function SupportBundle() {
  const t = useWords(diagnosticsWords)
  const figures = useFigures()
  const native = useHost()?.folderDialog === 'native'
  const show = useAct('diagnostics.supportBundle')
  const save = useAct('host.saveSupportBundle')
  const fault = show.error ?? save.error
  return (
    <Container
      header={
        <Header
          variant="h2"
          description={t.bundleLead}
          actions={
            <Button
              loading={show.isPending}
              onClick={() => {
                save.reset()
                show.mutate({})
              }}
            >
              {show.data === undefined ? t.show : t.again}
            </Button>
          }
        >
          {t.bundle}
        </Header>
      }
    >
      <SpaceBetween size="s">
        {fault === null ? null : <FaultBox fault={fault} />}
        {show.data === undefined ? (
          <Box color="text-body-secondary">{t.read}</Box>
        ) : (
          <>
            {show.data.files.map((file) => (
              <ExpandableSection key={file.name} headerText={file.name} headerDescription={figures.bytes(file.bytes)}>
                <pre className="firn-text" tabIndex={0} role="region" aria-label={file.name}>
                  {file.text}
                </pre>
              </ExpandableSection>
            ))}
            {native ? (
              <ChooseFolder purpose="save" variant="primary" label={t.saveIn} onChosen={({ token }) => save.mutate({ folder: token })} />
            ) : (
              <Button variant="primary" loading={save.isPending} onClick={() => save.mutate({ folder: null })}>
                {t.save}
              </Button>
            )}
            {save.data === undefined ? null : (
              <Alert type="info">
                {save.data.label === null ? null : t.savedAt(save.data.label)}{' '}
                {save.data.url === null ? null : (
                  <Link href={save.data.url} external>
                    {t.download}
                  </Link>
                )}
              </Alert>
            )}
          </>
        )}
      </SpaceBetween>
    </Container>
  )
}
