/** The folders that a migration takes: each with the prefix its keys get in the bucket. */
import Button from '@cloudscape-design/components/button'
import Container from '@cloudscape-design/components/container'
import FormField from '@cloudscape-design/components/form-field'
import Header from '@cloudscape-design/components/header'
import Input from '@cloudscape-design/components/input'
import SpaceBetween from '@cloudscape-design/components/space-between'
import type { ChosenPath } from '../../../shared/contract/calls/call.ts'
import { useWords } from '../../language.tsx'
import { ChooseFolder } from '../../parts/ChooseFolder.tsx'
import { Tone } from '../../parts/Word.tsx'
import { connectWords } from './connectWords.ts'
import { prefixPattern } from './connectRules.ts'

export type Source = { readonly folder: ChosenPath; readonly prefix: string }

type Props = { readonly sources: readonly Source[]; readonly onChange: (sources: readonly Source[]) => void; readonly checked: boolean }

const most = 50

export function Sources({ sources, onChange, checked }: Props) {
  const t = useWords(connectWords)
  const change = (at: number, prefix: string): void =>
    onChange(sources.map((source, here) => (here === at ? { ...source, prefix } : source)))
  return (
    <Container
      header={
        <Header
          variant="h2"
          description={t.archivesHint}
          actions={
            <ChooseFolder
              purpose="archive"
              label={t.addArchive}
              disabled={sources.length >= most}
              onChosen={(folder) =>
                onChange([...sources, { folder, prefix: sources.length === 0 ? '' : `archive-${sources.length + 1}/` }])
              }
            />
          }
        >
          {t.archives}
        </Header>
      }
    >
      {sources.length === 0 ? (
        <Tone tone={checked ? 'wrong' : 'later'}>{t.noArchives}</Tone>
      ) : (
        <SpaceBetween size="s">
          {sources.map((source, at) => (
            <div key={source.folder.token} className="firn-source">
              <FormField label={t.folderOf}>
                <strong>{source.folder.label}</strong>
              </FormField>
              <FormField
                label={t.prefix}
                description={t.prefixHint}
                errorText={checked && !prefixPattern.test(source.prefix) ? t.prefixWrong : undefined}
              >
                <Input value={source.prefix} onChange={({ detail }) => change(at, detail.value)} placeholder="pacs/" autoComplete={false} />
              </FormField>
              <Button
                formAction="none"
                iconName="remove"
                variant="icon"
                ariaLabel={`${t.remove}: ${source.folder.label}`}
                onClick={() => onChange(sources.filter((_, here) => here !== at))}
              />
            </div>
          ))}
        </SpaceBetween>
      )}
    </Container>
  )
}
