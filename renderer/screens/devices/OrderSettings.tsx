/** Role, key, topic, speed and address of an order: seen, changed and saved in a person's name. What AWS would refuse is said at its field. */
import { useState } from 'react'
import ColumnLayout from '@cloudscape-design/components/column-layout'
import FormField from '@cloudscape-design/components/form-field'
import Header from '@cloudscape-design/components/header'
import Input from '@cloudscape-design/components/input'
import Select from '@cloudscape-design/components/select'
import SpaceBetween from '@cloudscape-design/components/space-between'
import type { Answer } from '../../../shared/contract/bridge.ts'
import { shippingOptions } from '../../../shared/contract/migrationConfig.ts'
import { speedsFor } from '../../../shared/domain/orderRules.ts'
import { useAct } from '../../bridge/answers.ts'
import { useWords } from '../../language.tsx'
import { AskPerson } from '../../parts/AskPerson.tsx'
import { FaultBox } from '../../parts/FaultBox.tsx'
import { addressFields, awsFields, draftOf, isOptional, isWhole, problemsOf, settingsOf, type OrderField } from './orderDraft.ts'
import { orderWords } from './orderWords.ts'

type Props = {
  readonly of: Answer<'devices.orderSettings'>
  readonly onClose: () => void
  readonly onSaved: () => void
}

const longest = 255

export function OrderSettings({ of: { settings, region }, onClose, onSaved }: Props) {
  const t = useWords(orderWords)
  const [draft, setDraft] = useState(() => draftOf(settings))
  const [tried, setTried] = useState(false)
  const save = useAct('devices.saveOrderSettings', {
    changes: ['devices.orderSettings'],
    onDone: () => {
      onSaved()
      onClose()
    },
  })
  const problems = problemsOf(draft, region)
  const saying = (field: string): string | undefined => {
    const problem = problems.get(field)
    if (problem === undefined) return undefined
    if (problem === 'missing') return tried ? t.needed : undefined
    return t.problems[problem.code](...problem.values)
  }
  const entry = (field: OrderField) => (
    <FormField
      key={field}
      label={
        isOptional(field) ? (
          <>
            {t[field]} <i>– {t.optional}</i>
          </>
        ) : (
          t[field]
        )
      }
      constraintText={field === 'country' ? t.countryHint : undefined}
      errorText={saying(field)}
    >
      <Input
        value={draft[field]}
        autoComplete={false}
        spellcheck={false}
        onChange={({ detail }) => setDraft({ ...draft, [field]: detail.value.slice(0, longest) })}
      />
    </FormField>
  )
  const offered = speedsFor(draft.country.trim()) ?? shippingOptions
  const options = shippingOptions
    .filter((speed) => offered.includes(speed) || speed === draft.shippingOption)
    .map((value) => ({ value, label: t[value] }))
  return (
    <AskPerson
      title={t.settings}
      action={t.save}
      onClose={onClose}
      onDone={(person) => {
        setTried(true)
        if (isWhole(draft, region) && !save.isPending) save.mutate({ person, settings: settingsOf(draft) })
      }}
    >
      <SpaceBetween size="m">
        <div>{t.settingsMeans}</div>
        <Header variant="h3">{t.aws}</Header>
        {awsFields.map(entry)}
        <FormField label={t.shippingOption} errorText={saying('shippingOption')}>
          <Select
            selectedOption={options.find(({ value }) => value === draft.shippingOption) ?? null}
            options={options}
            onChange={({ detail }) =>
              setDraft({
                ...draft,
                shippingOption: shippingOptions.find((one) => one === detail.selectedOption.value) ?? draft.shippingOption,
              })
            }
          />
        </FormField>
        <Header variant="h3">{t.address}</Header>
        <ColumnLayout columns={2}>{addressFields.map(entry)}</ColumnLayout>
        {save.error !== null && <FaultBox fault={save.error} compact />}
      </SpaceBetween>
    </AskPerson>
  )
}
