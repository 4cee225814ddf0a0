/** Tones: what a colour means, everywhere. Green is for verified alone; a colour never stands without an icon and a word. */
import {
  colorBackgroundLayoutMain,
  colorBorderDividerDefault,
  colorBackgroundContainerContent,
  colorTextAccent,
  colorTextBodyDefault,
  colorTextBodySecondary,
  colorTextStatusError,
  colorTextStatusInactive,
  colorTextStatusSuccess,
  colorTextStatusWarning,
} from '@cloudscape-design/design-tokens'

/** good: verified. person: needs a person. wrong: wrong, or could not be checked. later: not yet. info: on its way. */
export const tones = ['good', 'person', 'wrong', 'later', 'info'] as const
export type ToneName = (typeof tones)[number]

/** As custom properties, for the style sheets: they follow light and dark by themselves. */
const properties: Readonly<Record<string, string>> = {
  '--firn-good': colorTextStatusSuccess,
  '--firn-person': colorTextStatusWarning,
  '--firn-wrong': colorTextStatusError,
  '--firn-later': colorTextStatusInactive,
  '--firn-info': colorTextAccent,
  '--firn-text': colorTextBodyDefault,
  '--firn-quiet': colorTextBodySecondary,
  '--firn-line': colorBorderDividerDefault,
  '--firn-ground': colorBackgroundLayoutMain,
  '--firn-surface': colorBackgroundContainerContent,
}

/** On the body, where light and dark are switched: overlays hang there too. */
export function giveTones(body: HTMLElement): void {
  for (const [name, value] of Object.entries(properties)) body.style.setProperty(name, value)
}
