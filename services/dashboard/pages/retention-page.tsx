// The retention matrix: documents by versions. Its figures follow the head's own line of versions.
import { useState } from 'preact/hooks'
import { Link } from 'wouter-preact'
import { CellDialog } from '../parts/cell-dialog.tsx'
import { Figures } from '../parts/figures.tsx'
import { percent, points } from '../parts/format.ts'
import { Heatmap, type CellPlace } from '../parts/heatmap.tsx'
import { Loaded } from '../parts/loaded.tsx'
import { MEASURES, type Measure } from '../parts/measures.ts'
import { PageHead } from '../parts/page.tsx'
import { Tabs } from '../parts/tabs.tsx'
import { chosenModel } from '../wire/chosen-model.ts'
import { useResource } from '../wire/resource.ts'
import type { Retention } from '../wire/types.ts'

export function RetentionPage() {
  const retention = useResource<Retention>(`/v1/models/${chosenModel.value}/retention`, 8_000)
  const [measure, setMeasure] = useState<Measure>('accuracy')
  const [opened, setOpened] = useState<CellPlace | null>(null)
  return (
    <>
      <PageHead title="Retention">
        What each version still knows of each document. Older knowledge that fades shows as a row that pales to the
        right.
      </PageHead>
      <Loaded of={retention} what="the matrix">
        {(data) =>
          data.documents.length === 0 ? (
            <p class="empty">
              No document has become a version yet. <Link href="/documents">Give it one</Link>
            </p>
          ) : (
            <>
              <RetentionFigures data={data} />
              <Tabs
                name="Coloured by"
                tabs={MEASURES.map(({ value, label }) => ({ value, label }))}
                value={measure}
                onChange={setMeasure}
              />
              <Heatmap data={data} measure={measure} onOpen={setOpened} />
              {opened !== null && <CellDialog place={opened} data={data} onClose={() => setOpened(null)} />}
            </>
          )
        }
      </Loaded>
    </>
  )
}

function RetentionFigures({ data }: { data: Retention }) {
  const { acc, bwt, forgetting, learned, base, retained } = data
  return (
    <Figures
      figures={[
        { name: 'Known', value: percent(acc), note: 'right at the head, over documents' },
        { name: 'When just learned', value: percent(learned), note: `the base: ${percent(base)}` },
        { name: 'Retained', value: percent(retained), note: 'of what was learned' },
        { name: 'Backward transfer', value: points(bwt), note: 'points since just learned' },
        {
          name: 'Forgetting',
          value: forgetting === null ? '–' : Math.round(forgetting * 100),
          note: 'points below each best',
        },
      ]}
    />
  )
}
