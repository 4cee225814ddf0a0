/** Prices as somebody last read them: all of them or none. */
import Button from '@cloudscape-design/components/button'
import ColumnLayout from '@cloudscape-design/components/column-layout'
import Container from '@cloudscape-design/components/container'
import FormField from '@cloudscape-design/components/form-field'
import Header from '@cloudscape-design/components/header'
import Input from '@cloudscape-design/components/input'
import { useState } from 'react'
import { useWords } from '../../language.tsx'
import { numberOf } from './ruleForm.ts'
import { valueAt } from './fields.ts'
import type { Planning } from './planning.ts'
import { routeStepWords } from './routeWords.ts'

const amounts = ['devicePerJob', 'devicePerExtraDay', 'sharePerGigabyte', 'shareMonthlyCeiling', 'linkPerGigabyte'] as const
const texts = ['currency', 'asOf', 'source'] as const
type PriceName = (typeof amounts)[number] | (typeof texts)[number]

export function Prices({ planning }: { readonly planning: Planning }) {
  const text = useWords(routeStepWords)
  const { draft, give, wrong, today } = planning
  const prices = draft.answers['prices']
  const [typed, setTyped] = useState<Partial<Record<PriceName, string>>>({})
  const held = (name: PriceName): string => {
    const value = valueAt(prices, name)
    return typed[name] ?? (typeof value === 'string' || typeof value === 'number' ? String(value) : '')
  }
  const change = (name: PriceName, value: string): void => {
    setTyped({ ...typed, [name]: value })
    const amount = amounts.some((one) => one === name) ? (numberOf(value) ?? value) : value
    give({ prices: { ...(prices as object), [name]: amount } })
  }
  const entry = (name: PriceName) => (
    <FormField key={name} label={text[name]} errorText={wrong(`prices.${name}`) ? text.wrong : undefined}>
      <Input
        value={held(name)}
        inputMode={amounts.some((one) => one === name) ? 'decimal' : 'text'}
        autoComplete={false}
        invalid={wrong(`prices.${name}`)}
        onChange={({ detail }) => change(name, detail.value)}
      />
    </FormField>
  )
  return (
    <Container
      header={
        <Header
          variant="h2"
          description={text.pricesHint}
          actions={
            prices === undefined ? (
              <Button
                onClick={() =>
                  give({
                    prices: {
                      currency: 'USD',
                      asOf: today,
                      source: '',
                      devicePerJob: 0,
                      devicePerExtraDay: 0,
                      sharePerGigabyte: 0,
                      shareMonthlyCeiling: 0,
                      linkPerGigabyte: 0,
                    },
                  })
                }
              >
                {text.give}
              </Button>
            ) : (
              <Button
                onClick={() => {
                  setTyped({})
                  give({ prices: undefined })
                }}
              >
                {text.takeBack}
              </Button>
            )
          }
        >
          {text.prices}
        </Header>
      }
    >
      {prices !== undefined && <ColumnLayout columns={4}>{[...texts, ...amounts].map(entry)}</ColumnLayout>}
    </Container>
  )
}
