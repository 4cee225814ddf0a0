/** Sets up a real migration: by which access, into which bucket, from which folders; tested step by step before anything is made. */
import Button from '@cloudscape-design/components/button'
import Container from '@cloudscape-design/components/container'
import Form from '@cloudscape-design/components/form'
import FormField from '@cloudscape-design/components/form-field'
import Header from '@cloudscape-design/components/header'
import Input from '@cloudscape-design/components/input'
import SpaceBetween from '@cloudscape-design/components/space-between'
import Autosuggest from '@cloudscape-design/components/autosuggest'
import { useState } from 'react'
import type { AwsAccess } from '../../../shared/contract/calls/migrations.ts'
import type { ChosenPath } from '../../../shared/contract/calls/call.ts'
import { useAct } from '../../bridge/answers.ts'
import { useWords } from '../../language.tsx'
import { CheckSteps } from '../../parts/CheckSteps.tsx'
import { ChooseFolder } from '../../parts/ChooseFolder.tsx'
import { FaultBox } from '../../parts/FaultBox.tsx'
import { useGo } from '../../screen.ts'
import { Access } from './Access.tsx'
import { connectWords } from './connectWords.ts'
import { bucketPattern, prefixPattern, regionPattern, regions } from './connectRules.ts'
import { Sources, type Source } from './Sources.tsx'

export function Connect({ onClose }: { readonly onClose: () => void }) {
  const t = useWords(connectWords)
  const go = useGo()
  const [name, setName] = useState('')
  const [region, setRegion] = useState('')
  const [bucket, setBucket] = useState('')
  const [access, setAccess] = useState<AwsAccess | undefined>({ kind: 'default' })
  const [sources, setSources] = useState<readonly Source[]>([])
  const [share, setShare] = useState<ChosenPath>()
  const [folder, setFolder] = useState<ChosenPath>()
  const [checked, setChecked] = useState(false)
  const test = useAct('aws.test')
  const create = useAct('migrations.create', { changes: ['migrations.list'], onDone: () => go({ at: 'overview' }) })
  const regionWrong = !regionPattern.test(region)
  const bucketWrong = !bucketPattern.test(bucket)
  const sourcesWrong = sources.length === 0 || sources.some(({ prefix }) => !prefixPattern.test(prefix))
  const wrong = name.trim() === '' || regionWrong || bucketWrong || sourcesWrong || access === undefined
  const make = (): void => {
    setChecked(true)
    if (wrong) return
    create.mutate({
      name: name.trim(),
      folder: folder?.token ?? null,
      region,
      access,
      bucket,
      archives: sources.map((source) => ({ folder: source.folder.token, prefix: source.prefix })),
      share: share?.token ?? null,
    })
  }
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        make()
      }}
    >
      <Form
        actions={
          <SpaceBetween direction="horizontal" size="xs">
            <Button formAction="none" variant="link" onClick={onClose}>
              {t.back}
            </Button>
            <Button variant="primary" loading={create.isPending}>
              {t.create}
            </Button>
          </SpaceBetween>
        }
      >
        <SpaceBetween size="m">
          <Container header={<Header variant="h2">{t.target}</Header>}>
            <SpaceBetween size="m">
              <FormField label={t.name} description={t.nameHint} errorText={checked && name.trim() === '' ? t.needed : undefined}>
                <Input value={name} onChange={({ detail }) => setName(detail.value.slice(0, 120))} autoComplete={false} />
              </FormField>
              <div className="firn-fields">
                <FormField label={t.region} description={t.regionHint} errorText={checked && regionWrong ? t.regionWrong : undefined}>
                  <Autosuggest
                    value={region}
                    onChange={({ detail }) => setRegion(detail.value.trim())}
                    options={regions.map((value) => ({ value }))}
                    enteredTextLabel={(value) => value}
                    placeholder="eu-central-1"
                    ariaLabel={t.region}
                  />
                </FormField>
                <FormField label={t.bucket} description={t.bucketHint} errorText={checked && bucketWrong ? t.bucketWrong : undefined}>
                  <Input
                    value={bucket}
                    onChange={({ detail }) => setBucket(detail.value.trim())}
                    placeholder="hospital-imaging"
                    autoComplete={false}
                  />
                </FormField>
              </div>
              <Access access={access} onChange={setAccess} checked={checked} />
              <SpaceBetween size="s">
                <Button
                  formAction="none"
                  iconName="status-info"
                  loading={test.isPending}
                  disabled={regionWrong || access === undefined}
                  disabledReason={t.testNeeds}
                  onClick={() => access !== undefined && test.mutate({ region, access, bucket: bucketWrong ? null : bucket })}
                >
                  {t.test}
                </Button>
                {test.error === null ? null : <FaultBox fault={test.error} compact />}
                {test.data === undefined ? null : <CheckSteps steps={test.data.steps} />}
              </SpaceBetween>
            </SpaceBetween>
          </Container>
          <Sources sources={sources} onChange={setSources} checked={checked} />
          <Container header={<Header variant="h2">{t.places}</Header>}>
            <div className="firn-fields">
              <FormField label={t.share} description={t.shareHint}>
                <SpaceBetween direction="horizontal" size="xs" alignItems="center">
                  <ChooseFolder purpose="share" label={t.chooseShare} onChosen={setShare} />
                  <span>{share?.label ?? t.noShare}</span>
                </SpaceBetween>
              </FormField>
              <FormField label={t.folder} description={t.folderHint}>
                <SpaceBetween direction="horizontal" size="xs" alignItems="center">
                  <ChooseFolder purpose="migration" label={t.chooseFolder} onChosen={setFolder} />
                  <span>{folder?.label ?? t.usualFolder}</span>
                </SpaceBetween>
              </FormField>
            </div>
          </Container>
          {create.error === null ? null : <FaultBox fault={create.error} />}
        </SpaceBetween>
      </Form>
    </form>
  )
}
