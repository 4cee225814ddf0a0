/** How AWS is reached: a profile with its single sign-on, keys in the secret store of the system, or the usual chain. */
import Alert from '@cloudscape-design/components/alert'
import Button from '@cloudscape-design/components/button'
import FormField from '@cloudscape-design/components/form-field'
import Input from '@cloudscape-design/components/input'
import RadioGroup from '@cloudscape-design/components/radio-group'
import Select from '@cloudscape-design/components/select'
import SpaceBetween from '@cloudscape-design/components/space-between'
import { useState } from 'react'
import type { AwsAccess } from '../../../shared/contract/calls/migrations.ts'
import { useAct, useAnswer } from '../../bridge/answers.ts'
import { useHost } from '../../bridge/live.ts'
import { useWords } from '../../language.tsx'
import { FaultBox } from '../../parts/FaultBox.tsx'
import { connectWords } from './connectWords.ts'

type Kind = AwsAccess['kind']
type Props = {
  readonly access: AwsAccess | undefined
  readonly onChange: (access: AwsAccess | undefined) => void
  readonly checked: boolean
}

export function Access({ access, onChange, checked }: Props) {
  const t = useWords(connectWords)
  const secretStore = useHost()?.secretStore === true
  const list = useAnswer('migrations.list', {})
  const [kind, setKind] = useState<Kind>(access?.kind ?? 'default')
  const profiles = list.data?.profiles ?? []
  const choose = (next: Kind): void => {
    setKind(next)
    onChange(next === 'default' ? { kind: 'default' } : undefined)
  }
  return (
    <SpaceBetween size="s">
      <FormField label={t.access} errorText={checked && access === undefined ? t.accessNeeded : undefined}>
        <RadioGroup
          value={kind}
          onChange={({ detail }) => choose(detail.value === 'profile' || detail.value === 'keys' ? detail.value : 'default')}
          items={[
            {
              value: 'profile',
              label: t.profile,
              description: profiles.length === 0 ? t.noProfiles : t.profileHint,
              disabled: profiles.length === 0,
            },
            { value: 'keys', label: t.keys, description: secretStore ? t.keysHint : t.noSecretStore, disabled: !secretStore },
            { value: 'default', label: t.chain, description: t.chainHint },
          ]}
        />
      </FormField>
      {kind === 'profile' ? (
        <FormField label={t.profile} description={t.sso}>
          <Select
            selectedOption={access?.kind === 'profile' ? { value: access.profile, label: access.profile } : null}
            placeholder={t.chooseProfile}
            options={profiles.map((value) => ({ value, label: value }))}
            onChange={({ detail }) => {
              const { value } = detail.selectedOption
              if (value !== undefined) onChange({ kind: 'profile', profile: value })
            }}
          />
        </FormField>
      ) : null}
      {kind === 'keys' ? <Keys access={access} onChange={onChange} /> : null}
    </SpaceBetween>
  )
}

const noKeys = { name: '', accessKeyId: '', secretAccessKey: '', sessionToken: '' }

function Keys({ access, onChange }: Omit<Props, 'checked'>) {
  const t = useWords(connectWords)
  const kept = useAnswer('host.keptKeys', {})
  const [adding, setAdding] = useState(false)
  const [keys, setKeys] = useState(noKeys)
  const keep = useAct('host.keepKeys', {
    changes: ['host.keptKeys'],
    onDone: ({ name }) => {
      setKeys(noKeys)
      setAdding(false)
      onChange({ kind: 'keys', name })
    },
  })
  const field = (name: keyof typeof noKeys, label: string, type: 'text' | 'password', hint?: string) => (
    <FormField label={label} description={hint}>
      <Input
        type={type}
        value={keys[name]}
        autoComplete={false}
        spellcheck={false}
        onChange={({ detail }) => setKeys((before) => ({ ...before, [name]: name === 'name' ? detail.value : detail.value.trim() }))}
      />
    </FormField>
  )
  const names = kept.data?.names ?? []
  if (!adding && (names.length > 0 || kept.isPending)) {
    return (
      <SpaceBetween direction="horizontal" size="xs" alignItems="end">
        <FormField label={t.keptKeys}>
          <Select
            selectedOption={access?.kind === 'keys' ? { value: access.name, label: access.name } : null}
            placeholder={t.chooseKeys}
            options={names.map((value) => ({ value, label: value }))}
            onChange={({ detail }) => {
              const { value } = detail.selectedOption
              if (value !== undefined) onChange({ kind: 'keys', name: value })
            }}
          />
        </FormField>
        <Button formAction="none" iconName="add-plus" onClick={() => setAdding(true)}>
          {t.addKeys}
        </Button>
      </SpaceBetween>
    )
  }
  return (
    <SpaceBetween size="s">
      <Alert type="info">{t.keysKept}</Alert>
      <div className="firn-fields">
        {field('name', t.keysName, 'text', t.keysNameHint)}
        {field('accessKeyId', t.accessKeyId, 'text')}
        {field('secretAccessKey', t.secret, 'password')}
        {field('sessionToken', t.sessionToken, 'password', t.optional)}
      </div>
      <Button
        formAction="none"
        loading={keep.isPending}
        disabled={keys.name.trim() === '' || keys.accessKeyId.length < 16 || keys.secretAccessKey === ''}
        onClick={() => keep.mutate({ ...keys, name: keys.name.trim(), sessionToken: keys.sessionToken === '' ? null : keys.sessionToken })}
      >
        {t.keepKeys}
      </Button>
      {keep.error === null ? null : <FaultBox fault={keep.error} compact />}
    </SpaceBetween>
  )
}
