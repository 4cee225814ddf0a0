/** How it looks: light or dark, dense or generous, the language of the document. */
import { applyDensity, applyMode, Density, Mode } from '@cloudscape-design/global-styles'
import { useEffect, useSyncExternalStore } from 'react'
import type { Language, Settings } from '../../shared/contract/settings.ts'
import { giveTones } from '../parts/tones.ts'

const systemDark = window.matchMedia('(prefers-color-scheme: dark)')

function watch(tell: () => void): () => void {
  systemDark.addEventListener('change', tell)
  return () => systemDark.removeEventListener('change', tell)
}

export function useLook(settings: Settings | undefined, language: Language): void {
  const system = useSyncExternalStore(watch, () => systemDark.matches)
  const dark = settings === undefined || settings.appearance === 'system' ? system : settings.appearance === 'dark'
  const compact = (settings?.density ?? 'compact') === 'compact'
  useEffect(() => giveTones(document.body), [])
  useEffect(() => {
    applyMode(dark ? Mode.Dark : Mode.Light)
  }, [dark])
  useEffect(() => {
    applyDensity(compact ? Density.Compact : Density.Comfortable)
  }, [compact])
  useEffect(() => {
    document.documentElement.lang = language
  }, [language])
}
