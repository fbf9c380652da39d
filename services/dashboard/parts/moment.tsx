import { ago, at } from './format.ts'

/** How long ago, with the exact time at hand. */
export function Moment({ at: unixSeconds }: { at: number }) {
  return (
    <time dateTime={new Date(unixSeconds * 1000).toISOString()} title={at(unixSeconds)}>
      {ago(unixSeconds)}
    </time>
  )
}
