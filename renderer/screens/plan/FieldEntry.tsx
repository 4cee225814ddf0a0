/** One answer of the plan, changed in place: a number with its unit, two figures, a choice or a day. */
import { useState } from 'react'
import DateInput from '@cloudscape-design/components/date-input'
import Input from '@cloudscape-design/components/input'
import Select from '@cloudscape-design/components/select'
import SpaceBetween from '@cloudscape-design/components/space-between'
import { useLanguage, useWords, words } from '../../language.tsx'
import { fields, heldNumber, shownNumber, valueAt, type Field, type FieldName } from './fields.ts'

const choiceWords = words({
  en: {
    yes: 'yes',
    no: 'no',
    unknown: 'not known',
    none: 'there is none',
    Small: 'small',
    Medium: 'medium',
    Large: 'large',
    'other-lane': 'by another lane',
    map: 'under mapped names',
  },
  de: {
    yes: 'ja',
    no: 'nein',
    unknown: 'nicht bekannt',
    none: 'es gibt keins',
    Small: 'klein',
    Medium: 'mittel',
    Large: 'groß',
    'other-lane': 'auf einem anderen Weg',
    map: 'unter ersetzten Namen',
  },
})

const texts = words({
  en: {
    low: (label: string) => `${label}, low`,
    high: (label: string) => `${label}, high`,
    to: 'to',
    day: 'YYYY-MM-DD',
  },
  de: {
    low: (label) => `${label}, niedrig`,
    high: (label) => `${label}, hoch`,
    to: 'bis',
    day: 'JJJJ-MM-TT',
  },
})

type Props = {
  readonly name: FieldName
  readonly label: string
  readonly value: unknown
  readonly invalid: boolean
  readonly onChange: (value: unknown) => void
}

export function FieldEntry({ name, label, value, invalid, onChange }: Props) {
  const text = useWords(texts)
  const choices = useWords(choiceWords)
  const field: Field = fields[name]
  switch (field.kind) {
    case 'number':
      return <NumberEntry label={label} field={field} value={value} invalid={invalid} onChange={onChange} />
    case 'span': {
      const plain = { kind: 'number', unit: '', scale: 1 } as const
      const change = (end: 'low' | 'high', to: unknown): void =>
        onChange({ low: valueAt(value, 'low'), high: valueAt(value, 'high'), [end]: to })
      return (
        <SpaceBetween direction="horizontal" size="xxs" alignItems="center">
          <NumberEntry
            label={text.low(label)}
            field={plain}
            value={valueAt(value, 'low')}
            invalid={invalid}
            onChange={(to) => change('low', to)}
          />
          <span>{text.to}</span>
          <NumberEntry
            label={text.high(label)}
            field={{ ...plain, unit: field.unit }}
            value={valueAt(value, 'high')}
            invalid={invalid}
            onChange={(to) => change('high', to)}
          />
        </SpaceBetween>
      )
    }
    case 'choice': {
      const table: Readonly<Record<string, string | undefined>> = choices
      const options = field.values.map((one) => ({ value: one, label: table[one] ?? one }))
      return (
        <Select
          ariaLabel={label}
          selectedOption={options.find((one) => one.value === value) ?? null}
          options={options}
          invalid={invalid}
          onChange={({ detail }) => onChange(detail.selectedOption.value)}
        />
      )
    }
    case 'date':
      return (
        <DateInput
          ariaLabel={label}
          format="iso"
          placeholder={text.day}
          value={typeof value === 'string' ? value : ''}
          invalid={invalid}
          onChange={({ detail }) => onChange(detail.value === '' ? null : detail.value)}
        />
      )
  }
}

function NumberEntry({
  label,
  field,
  value,
  invalid,
  onChange,
}: {
  readonly label: string
  readonly field: Extract<Field, { kind: 'number' }>
  readonly value: unknown
  readonly invalid: boolean
  readonly onChange: (value: unknown) => void
}) {
  const decimal = useLanguage() === 'de' ? ',' : '.'
  const shown = shownNumber(value, field, decimal)
  // What is being typed ("1.", "0,") says the same number as what is held, and must not be rewritten under the cursor.
  const [typed, setTyped] = useState(shown)
  const held = heldNumber(typed, field)
  const text = held === value || typed === value ? typed : shown
  return (
    <SpaceBetween direction="horizontal" size="xxs" alignItems="center">
      <div style={{ inlineSize: 92 }}>
        <Input
          ariaLabel={field.unit === '' ? label : `${label} (${field.unit})`}
          value={text}
          inputMode="decimal"
          autoComplete={false}
          invalid={invalid}
          onChange={({ detail }) => {
            setTyped(detail.value)
            onChange(heldNumber(detail.value, field))
          }}
        />
      </div>
      {field.unit !== '' && <span aria-hidden="true">{field.unit}</span>}
    </SpaceBetween>
  )
}
