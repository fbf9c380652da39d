import { Link } from 'wouter-preact'
import { PageHead } from '../parts/page.tsx'

export function MissingPage() {
  return (
    <PageHead title="Nothing is written here">
      The address names no page. <Link href="/documents">Back to the documents</Link>
    </PageHead>
  )
}
