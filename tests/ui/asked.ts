/** What a screen asked of its host, for tests to read; and words of a language that should not be on it. */
import type { Page } from '@playwright/test'
import { expect } from 'vitest'
import type { CallName, Input } from '../../shared/contract/bridge.ts'

/** Inputs of one call, the oldest first. */
export async function asked<Name extends CallName>(page: Page, name: Name): Promise<readonly Input<Name>[]> {
  return page.evaluate(
    (wanted) =>
      (window as unknown as { asked: { name: string; input: unknown }[] }).asked
        .filter((one) => one.name === wanted)
        .map(({ input }) => input),
    name,
  ) as Promise<readonly Input<Name>[]>
}

/** Waits until the call was asked so many times, and gives its last input. */
export async function lastAsked<Name extends CallName>(page: Page, name: Name, times = 1): Promise<Input<Name>> {
  await expect.poll(async () => (await asked(page, name)).length, { timeout: 20_000 }).toBeGreaterThanOrEqual(times)
  const all = await asked(page, name)
  const last = all.at(-1)
  if (last === undefined) throw new Error(`${name} was not asked`)
  return last
}

/** Words that no German sentence has. */
const english =
  /\b(the|and|of|with|are|not|for|from|by|this|that|when|has|have|show|open|close|items?(?!\.csv)|devices?|share|loading|of|you|your|until|checked|verify|paused?|resume|cancel|settings|help|dismiss|remove|loading|select|more|less|day|days|left|yet|what|why|where|who|how)\b/i

/** English on a German screen: texts, labels and titles that are not marked as English and are no code. */
export async function englishLeftovers(page: Page): Promise<readonly string[]> {
  const texts = await page.evaluate(() => {
    const found: string[] = []
    const skipped = (element: Element | null): boolean => element?.closest('[lang="en"], code, pre, script, style, .firn-code') !== null
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
    for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
      if (!skipped(node.parentElement) && node.textContent !== null) found.push(node.textContent)
    }
    for (const element of document.body.querySelectorAll('[aria-label], [title], [placeholder], [aria-valuetext]')) {
      if (skipped(element)) continue
      for (const name of ['aria-label', 'title', 'placeholder', 'aria-valuetext']) {
        const value = element.getAttribute(name)
        if (value !== null) found.push(value)
      }
    }
    return found.map((text) => text.trim()).filter((text) => text !== '')
  })
  return [...new Set(texts)].filter((text) => english.test(text))
}

/** A little less patient than the test itself, so that what did not come is named. */
export async function impatient(page: Promise<Page>): Promise<Page> {
  const opened = await page
  opened.setDefaultTimeout(50_000)
  return opened
}
