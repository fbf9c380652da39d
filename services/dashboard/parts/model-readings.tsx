// The model in four readings: what answers, how much it knows, what it kept, and how much it forgot.
import { Link } from 'wouter-preact'
import { chosenModel } from '../wire/chosen-model.ts'
import { useResource } from '../wire/resource.ts'
import type { Retention } from '../wire/types.ts'
import { Figures, type Figure } from './figures.tsx'
import { count, percent } from './format.ts'

export function ModelReadings() {
  const { data } = useResource<Retention>(`/v1/models/${chosenModel.value}/retention`, 10_000)
  if (data === undefined) return <Figures figures={blank} />
  const { head, documents, acc, base, retained, forgetting } = data
  return (
    <Figures
      figures={[
        { name: 'Answering', value: <Link href="/versions">v{head}</Link>, note: count(documents.length, 'document') },
        { name: 'Known', value: percent(acc), note: `base ${percent(base)}` },
        { name: 'Retained', value: percent(retained), note: 'of what was learned' },
        {
          name: 'Forgotten',
          value: forgetting === null ? '–' : Math.round(forgetting * 100),
          note: 'points below each best',
          ...(forgetting !== null && forgetting >= 0.05 ? { tone: 'bad' as const } : {}),
        },
      ]}
    />
  )
}

const blank: Figure[] = ['Answering', 'Known', 'Retained', 'Forgotten'].map((name) => ({ name, value: '–', note: ' ' }))
